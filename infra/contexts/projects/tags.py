"""The groups of operations of projects in the API reference, and their place in it: the lowest comes first."""

PLACE = 15
TAGS = {
    "projects": "Projects, their members and their milestones, and how far a project of tracked milestones is.",
    "verifications": "The layers in which people decide on a completed milestone.",
    "review-links": "What people from outside see and decide by a link, without an account.",
    "project-milestones": "Milestones that people work on, prove and approve, and whom they belong to.",
    "evidence": "Files and links that prove what was done for a milestone: uploads, reviews, downloads.",
    "delegations": "Who decides in whose place, for how long, and on what.",
    "worklist": "What waits for you, by when it is due.",
    "escalations": "Trouble with milestones, and what is done about it.",
    "escalation-policies": "Whom escalations tell, level by level, and by what clock.",
    "probe-replies": "What whoever a probe has asked sees and answers by a link, without signing in.",
    "probes": "What primary owners are asked on a schedule, or which addresses are called, and what comes of it.",
    "reports": "What is learned from what has happened.",
    "plan-templates": "What plans are made of: milestones, owners, dependencies, and shares of a total.",
    "evidence-usage": "How much the files of evidence take of what they may.",
}

"""How the secret about the evaluator is found. Apart from its construct, since commands read it without the CDK."""

DESCRIPTION = "The evaluator of tracked milestones, stage {stage}"

"""What projects tell the tests that hold for every context."""

import json
from typing import Any

from graphql import GraphQLNonNull, get_named_type

from tests.goals.catalogue import Field, Scene
from tests.projects.appsync import MUTATIONS, QUERIES, SUBSCRIPTIONS

INPUTS: dict[str, dict[str, Any]] = {
    "CreateProjectInput": {"name": "Engine No. 2", "currency": "EUR"},
    "UpdateProjectInput": {"name": "Engine No. 3"},
    "ProjectMemberInput": {"roles": ["verifier"], "skills": ["mechanics"]},
    "CreateProjectMilestoneInput": {"title": "Mill assembled", "kind": "deliverable", "amountMinorUnits": "250000"},
    "UpdateProjectMilestoneInput": {"title": "Mill assembled and tested"},
    "ProjectTeamInput": {"name": "Millwrights"},
    "UpdateProjectTeamInput": {"name": "Wrights"},
    "PlanTemplateInput": {
        "name": "Mill",
        "milestones": [{"key": "mill", "title": "Mill", "kind": "deliverable", "percentage": 100}],
    },
    "UpdatePlanTemplateInput": {"name": "Mill, second edition"},
    "DelegationInput": {
        "delegateId": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H",
        "scope": "tenant",
        "startsAt": "2026-12-01T08:00:00Z",
        "endsAt": "2026-12-24T12:00:00Z",
        "reason": "On the building site.",
    },
    "RaiseEscalationInput": {"kind": "delay", "severity": "high", "reasonCode": "supplier"},
    "ProbeInput": {"question": "Well?", "schedule": {"cron": "0 9 * * 1"}},
    "UpdateProbeInput": {"question": "Is it there?"},
    "ProbeAnswerInput": {"answer": "at_risk", "comment": "The supplier is late."},
    "EscalationPolicyInput": {"name": "Late payments", "levels": [{"targets": [{"ownerRole": "primary"}]}]},
    "UpdateEscalationPolicyInput": {"repeats": 2},
    "EscalationActionInput": {"title": "Order another wheel"},
    "AnnounceEvidenceInput": {
        "fileName": "drawings.pdf",
        "mediaType": "application/pdf",
        "sizeBytes": 48213,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    "EvidenceLinkInput": {"url": "https://example.org/measurements/17"},
    "UpdateEvidenceInput": {"tags": ["as built"]},
    "MilestoneDecisionInput": {"decision": "approve", "subjectDigest": 64 * "0"},
}
TEMPLATE = json.dumps(
    {
        "format": "milepost.plan-template",
        "format_version": 1,
        "name": "Mill",
        "milestones": [{"key": "mill", "title": "Mill", "kind": "deliverable", "percentage": 100}],
    }
)
TEXTS: dict[str, Any] = {"document": TEMPLATE}
DECIDING = {
    "acceptProjectMilestone",
    "refuseProjectMilestone",
    "decideVerification",
    "withdrawVerificationDecision",
    "reassignVerification",
    "createDelegation",
    "revokeDelegation",
    "createReviewLink",
    "verifyEvidence",
    "rejectEvidence",
    "reviewEvidence",
    *(f"{what}{on}Comment" for what in ("add", "edit", "delete") for on in ("Verification", "Evidence")),
}
GOVERNING = {"eraseOutsider"}


class ProjectField(Field):
    def arguments(self, scene: Scene) -> dict[str, Any]:
        owner = {"userId": scene.user_id, "role": "observer"}
        given = TEXTS | {
            "projectId": scene.project_id,
            "projectMilestoneId": scene.project_milestone_id,
            "verificationId": scene.verification_id,
            "commentId": scene.comment_id,
            "text": "The third wheel has other teeth than on the drawing.",
            "escalationId": scene.escalation_id,
            "actionId": scene.action_id,
            "evidenceId": scene.evidence_id,
            "comment": "The drawing is of another mill.",
            # Each by itself, so an answer names what was asked for.
            "decisions": [{"evidenceId": "evd_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "decision": "verify"}],
            "resolution": "The wheel was replaced.",
            "userId": scene.user_id,
            "delegationId": "dlg_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
            "reason": "The mill jams at the third wheel.",
            "progress": 60,
            "criterionKey": "drawings",
            "address": "mary@example.com",
            "isMet": True,
            "fromId": scene.from_id,
            "probeId": scene.probe_id,
            "escalationPolicyId": scene.escalation_policy_id,
            "planTemplateId": scene.plan_template_id,
            "teamId": scene.team_id,
            "moves": [{"projectMilestoneId": scene.project_milestone_id, "event": "recall"}],
        }
        raised = INPUTS["RaiseEscalationInput"] | {"projectMilestoneId": scene.project_milestone_id}
        depends = {"fromId": scene.from_id, "lagDays": 2, "isOptional": True}
        inputs = {
            **INPUTS,
            "ProjectMilestoneOwnerInput": owner,
            "RaiseEscalationInput": raised,
            "ProbeInput": INPUTS["ProbeInput"] | {"projectMilestoneId": scene.project_milestone_id},
            "MilestoneDependencyInput": depends,
            "InstantiatePlanTemplateInput": {"projectId": scene.project_id, "startOn": "2027-03-01"},
        }
        return {name: inputs[kind] if name == "input" else given[name] for name, kind in self.required.items()}


def _field(type_name: str, name: str, definition: Any) -> ProjectField:
    required = {
        argument: get_named_type(each.type).name
        for argument, each in definition.args.items()
        if isinstance(each.type, GraphQLNonNull)
    }
    level = "admin" if name in GOVERNING else "decide" if name in DECIDING else "write"
    level = level if type_name == "Mutation" else "read"
    return ProjectField(type_name, name, f"projects:{level}", frozenset(definition.args), required)


_KINDS = {"Query": QUERIES, "Mutation": MUTATIONS, "Subscription": SUBSCRIPTIONS}
FIELDS = [_field(kind, *each) for kind, fields in _KINDS.items() for each in fields.items()]

CASES = 300
_MILESTONE = "/api/v1/project-milestones/{project_milestone_id}"
_EVIDENCE = "/api/v1/evidence/{evidence_id}"
UNPREPARED = {
    # The comment of the tenants is on a layer.
    "PATCH /api/v1/evidence/{evidence_id}/comments/{comment_id}": "CommentNotFound",
    "DELETE /api/v1/evidence/{evidence_id}/comments/{comment_id}": "CommentNotFound",
    "Mutation.editEvidenceComment": "CommentNotFound",
    "Mutation.deleteEvidenceComment": "CommentNotFound",
    # The milestone of the tenants is in progress, and belongs to the owner of the tenant.
    "DELETE /api/v1/projects/{project_id}": "ProjectNotEmpty",
    "POST /api/v1/projects/{project_id}/complete": "MilestonesOpen",
    "POST /api/v1/projects/{project_id}/reopen": "ProjectStatusNotPossible",
    "POST /api/v1/projects/{project_id}/archive": "ProjectStatusNotPossible",
    "DELETE /api/v1/projects/{project_id}/members/{user_id}": "ProjectMemberNotFound",
    # The example names somebody who is no member of it.
    "POST /api/v1/projects/{project_id}/teams": "InvalidInput",
    f"DELETE {_MILESTONE}": "MilestoneNotDeletable",
    f"POST {_MILESTONE}/activate": "TransitionNotAllowed",
    f"POST {_MILESTONE}/start": "TransitionNotAllowed",
    f"POST {_MILESTONE}/recall": "TransitionNotAllowed",
    f"POST {_MILESTONE}/accept": "TransitionNotAllowed",
    f"POST {_MILESTONE}/refuse": "TransitionNotAllowed",
    f"POST {_MILESTONE}/rework": "TransitionNotAllowed",
    f"POST {_MILESTONE}/dependencies": "InvalidInput",
    f"POST {_MILESTONE}/owners": "InvalidInput",
    f"POST {_MILESTONE}/owners/accept": "OwnershipNotAssigned",
    f"POST {_MILESTONE}/owners/decline": "OwnershipNotAssigned",
    f"POST {_MILESTONE}/owners/transfer": "InvalidInput",
    # Its layer asks the owner of the tenant, who has not decided, and has seen something else than the example.
    "POST /api/v1/verifications/{verification_id}/decisions": "SubjectChanged",
    "POST /api/v1/verifications/{verification_id}/withdraw": "DecisionNotFound",
    "POST /api/v1/verifications/{verification_id}/reassign": "InvalidInput",
    # Its probe waits for an answer; the example names a milestone that is not there, and lists name one in the query.
    "POST /api/v1/probes": "ProjectMilestoneNotFound",
    "GET /api/v1/probes": "InvalidInput",
    "POST /api/v1/probes/{probe_id}/run": "ProbeNotPossible",
    "POST /api/v1/probes/{probe_id}/resume": "ProbeNotPossible",
    "Mutation.runProbe": "ProbeNotPossible",
    "Mutation.resumeProbe": "ProbeNotPossible",
    # Its escalation is pending.
    "POST /api/v1/escalations": "ProjectMilestoneNotFound",
    "POST /api/v1/escalations/{escalation_id}/close": "EscalationTransitionNotAllowed",
    "Mutation.closeEscalation": "EscalationTransitionNotAllowed",
    # It asks nobody from outside, and the example of a token was signed by nobody.
    "POST /api/v1/verifications/{verification_id}/links": "SeatNotFound",
    "POST /api/v1/review-links/view": "ReviewLinkForged",
    "POST /api/v1/review-links/decide": "ReviewLinkForged",
    "POST /api/v1/probe-replies/view": "ProbeLinkForged",
    "POST /api/v1/probe-replies/answer": "ProbeLinkForged",
    f"DELETE {_MILESTONE}/owners/{{user_id}}": "MilestoneOwnerNotFound",
    "Mutation.deleteProject": "ProjectNotEmpty",
    "Mutation.completeProject": "MilestonesOpen",
    "Mutation.reopenProject": "ProjectStatusNotPossible",
    "Mutation.archiveProject": "ProjectStatusNotPossible",
    "Mutation.removeProjectMember": "ProjectMemberNotFound",
    "Mutation.deleteProjectMilestone": "MilestoneNotDeletable",
    "Mutation.activateProjectMilestone": "TransitionNotAllowed",
    "Mutation.startProjectMilestone": "TransitionNotAllowed",
    "Mutation.recallProjectMilestone": "TransitionNotAllowed",
    "Mutation.decideVerification": "SubjectChanged",
    "Mutation.withdrawVerificationDecision": "DecisionNotFound",
    "Mutation.reassignVerification": "InvalidInput",
    "Mutation.createReviewLink": "SeatNotFound",
    "Mutation.acceptProjectMilestone": "TransitionNotAllowed",
    "Mutation.refuseProjectMilestone": "TransitionNotAllowed",
    "Mutation.reworkProjectMilestone": "TransitionNotAllowed",
    "Mutation.addProjectMilestoneDependency": "DependencyExists",
    "Mutation.assignProjectMilestone": "InvalidInput",
    "Mutation.acceptProjectMilestoneOwnership": "OwnershipNotAssigned",
    "Mutation.declineProjectMilestoneOwnership": "OwnershipNotAssigned",
    "Mutation.transferProjectMilestone": "InvalidInput",
    "Mutation.removeProjectMilestoneOwner": "MilestoneOwnerNotFound",
    # Nobody has this id, and the owner of the tenant has delegated nothing.
    "POST /api/v1/delegations": "InvalidInput",
    "POST /api/v1/delegations/{delegation_id}/revoke": "DelegationNotFound",
    "Mutation.createDelegation": "InvalidInput",
    "Mutation.revokeDelegation": "DelegationNotFound",
    # The user of the tenant is somebody else.
    "Subscription.onWorklistChanged": "WorklistNotYours",
    # The example names a project that is not there.
    "POST /api/v1/plan-templates/{plan_template_id}/instantiate": "ProjectNotFound",
    # Its evidence is a link, which the owner of the tenant has added.
    f"POST {_EVIDENCE}/upload-url": "EvidenceNotPending",
    f"POST {_EVIDENCE}/verify": "SeparationOfDuties",
    f"POST {_EVIDENCE}/reject": "SeparationOfDuties",
    f"GET {_EVIDENCE}/download": "EvidenceNotReadable",
    "Query.evidenceFile": "EvidenceNotReadable",
    "Mutation.renewEvidenceUpload": "EvidenceNotPending",
    "Mutation.verifyEvidence": "SeparationOfDuties",
    "Mutation.rejectEvidence": "SeparationOfDuties",
}

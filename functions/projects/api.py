"""The Lambda handler of projects: it takes REST calls to the routes and AppSync calls to the fields."""

from shared import cold_start

with cold_start.loading():
    from functions.projects import fields, routes
    from functions.projects.bulk import fields as bulk_fields
    from functions.projects.bulk import routes as bulk_routes
    from functions.projects.comments import fields as comment_fields
    from functions.projects.comments import routes as comment_routes
    from functions.projects.delegation import fields as delegation_fields
    from functions.projects.delegation import routes as delegation_routes
    from functions.projects.erasing import fields as erasure_fields
    from functions.projects.erasing import routes as erasure_routes
    from functions.projects.escalation import action_routes as escalation_action_routes
    from functions.projects.escalation import fields as escalation_fields
    from functions.projects.escalation import routes as escalation_routes
    from functions.projects.escalation_policies import fields as escalation_policy_fields
    from functions.projects.escalation_policies import routes as escalation_policy_routes
    from functions.projects.evidence import fields as evidence_fields
    from functions.projects.evidence import review_routes as evidence_review_routes
    from functions.projects.evidence import routes as evidence_routes
    from functions.projects.graphql import graphql
    from functions.projects.listening import fields as listening_fields
    from functions.projects.milestones import command_fields, command_routes
    from functions.projects.milestones import fields as milestone_fields
    from functions.projects.milestones import routes as milestone_routes
    from functions.projects.ownership import fields as ownership_fields
    from functions.projects.ownership import routes as ownership_routes
    from functions.projects.people import fields as people_fields
    from functions.projects.people import routes as people_routes
    from functions.projects.planning import fields as planning_fields
    from functions.projects.planning import routes as planning_routes
    from functions.projects.plans import fields as plan_fields
    from functions.projects.plans import routes as plan_routes
    from functions.projects.probe_links import routes as probe_link_routes
    from functions.projects.probes import fields as probe_fields
    from functions.projects.probes import routes as probe_routes
    from functions.projects.reports import fields as report_fields
    from functions.projects.reports import routes as report_routes
    from functions.projects.resolver import api
    from functions.projects.review_links import fields as review_link_fields
    from functions.projects.review_links import routes as review_link_routes
    from functions.projects.teams import fields as team_fields
    from functions.projects.teams import routes as team_routes
    from functions.projects.timeline import fields as timeline_fields
    from functions.projects.timeline import routes as timeline_routes
    from functions.projects.verification import fields as verification_fields
    from functions.projects.verification import routes as verification_routes
    from functions.projects.worklist import fields as worklist_fields
    from functions.projects.worklist import routes as worklist_routes
    from shared.api import rest

# Importing the modules of routes and fields registers them; they all register on the same resolver.
handler = rest.handler(api, graphql.resolve)

__all__ = [
    "api",
    "bulk_fields",
    "bulk_routes",
    "command_fields",
    "command_routes",
    "comment_fields",
    "comment_routes",
    "delegation_fields",
    "delegation_routes",
    "erasure_fields",
    "erasure_routes",
    "escalation_action_routes",
    "escalation_fields",
    "escalation_policy_fields",
    "escalation_policy_routes",
    "escalation_routes",
    "evidence_fields",
    "evidence_review_routes",
    "evidence_routes",
    "fields",
    "handler",
    "listening_fields",
    "milestone_fields",
    "milestone_routes",
    "ownership_fields",
    "ownership_routes",
    "people_fields",
    "people_routes",
    "plan_fields",
    "plan_routes",
    "planning_fields",
    "planning_routes",
    "probe_fields",
    "probe_link_routes",
    "probe_routes",
    "report_fields",
    "report_routes",
    "review_link_fields",
    "review_link_routes",
    "routes",
    "team_fields",
    "team_routes",
    "timeline_fields",
    "timeline_routes",
    "verification_fields",
    "verification_routes",
    "worklist_fields",
    "worklist_routes",
]

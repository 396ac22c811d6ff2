"""The commands `milepost projects` and `milepost worklist` with all that they have below them."""

import typer

from milepost_cli.projects import milestones, moving, owners, projects, worklist

projects_app = typer.Typer(no_args_is_help=True, help="Projects and their milestones.")
projects_app.command("list")(projects.list_projects)
projects_app.command("show")(projects.show_project)
projects_app.command("add")(projects.add_project)
projects_app.command("members")(projects.list_members)
projects_app.command("milestones")(milestones.list_milestones)
projects_app.command("mine")(milestones.list_mine)
projects_app.command("milestone")(milestones.show_milestone)
projects_app.command("plan")(milestones.plan_milestone)
projects_app.command("history")(milestones.list_history)
projects_app.command("progress")(moving.set_progress)
projects_app.command("check")(moving.check_criterion)
projects_app.command("activate")(moving.activate_milestone)
projects_app.command("start")(moving.start_milestone)
projects_app.command("complete")(moving.complete_milestone)
projects_app.command("recall")(moving.recall_milestone)
projects_app.command("accept")(moving.accept_milestone)
projects_app.command("refuse")(moving.refuse_milestone)
projects_app.command("rework")(moving.rework_milestone)
projects_app.command("cancel")(moving.cancel_milestone)
projects_app.command("owners")(owners.list_owners)
projects_app.command("assign")(owners.assign_milestone)
projects_app.command("take")(owners.accept_ownership)
projects_app.command("decline")(owners.decline_ownership)
projects_app.command("transfer")(owners.transfer_milestone)

worklist_app = typer.Typer(no_args_is_help=True, help="What waits for you.")
worklist_app.command("list")(worklist.list_work)
worklist_app.command("show")(worklist.show_work)
worklist_app.command("approve")(worklist.approve_work)
worklist_app.command("reject")(worklist.reject_work)

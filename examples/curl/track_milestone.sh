#!/usr/bin/env bash
# Track two milestones of a project, one of which waits for the other.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

project=apollo-$(new_key)
tvl="{\"project_id\": \"$project\", \"kpi_id\": \"tvl\", \"target\": 1000000, \"timeframe_to\": \"2030-12-31\"}"
users="{\"project_id\": \"$project\", \"kpi_id\": \"users\", \"target\": 500, \"milestone_index\": 1}"
first=$(call POST /milestones "$tvl" | field milestone_uid)
second=$(call POST /milestones "$users" | field milestone_uid)
call POST "/milestones/$second/dependencies" "{\"depends_on\": \"$first\"}" | show '{kpi_id} waits for {blocked_by[0]}'

call GET "/projects/$project/progress" |
  show '{counts[completed]} of {total} completed, next due {next_due[timeframe_to]}'

#!/usr/bin/env bash
# Complete a task so that a repeated request changes nothing.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

goal=$(call POST /goals '{"title": "Run a marathon"}' | field goal_id)
task=$(call POST "/goals/$goal/tasks" '{"title": "Buy shoes"}' | field task_id)

# The same key is the same request: the second answer is that of the first, and there was one effect.
KEY=$(new_key)
call POST "/goals/$goal/tasks/$task/complete" | show '{title} completed at {completed_at}'
call POST "/goals/$goal/tasks/$task/complete" | show '{title} completed at {completed_at}'

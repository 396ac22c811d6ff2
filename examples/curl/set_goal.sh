#!/usr/bin/env bash
# Set a goal and the tasks that lead to it.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

goal=$(call POST /goals '{"title": "Run a marathon", "deadline": "2030-09-29", "time_zone": "Europe/Berlin"}' | field goal_id)
call POST "/goals/$goal/tasks" '{"title": "Buy shoes", "weight": 1}' | show '{title}, weight {weight}'
call POST "/goals/$goal/tasks" '{"title": "Run 10 km", "weight": 3}' | show '{title}, weight {weight}'
call POST "/goals/$goal/tasks" '{"title": "Run 30 km", "weight": 6}' | show '{title}, weight {weight}'

call GET "/goals/$goal/progress" | show '{completed_tasks} of {total_tasks} tasks of Run a marathon'

#!/usr/bin/env bash
# Say which milestones of a goal are reached, which time alone will reach, and what was reached lately.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

goal=$(call POST /goals '{
  "title": "Learn Italian",
  "start_at": "2026-01-01T00:00:00Z",
  "deadline": "2035-12-31",
  "weights": {"task": 50, "time": 50}
}' | field goal_id)
task=$(call POST "/goals/$goal/tasks" '{"title": "First course"}' | field task_id)
call POST "/goals/$goal/tasks" '{"title": "Second course"}' >/dev/null
call POST "/goals/$goal/tasks/$task/complete" >/dev/null

call GET "/goals/$goal/progress" | show_each milestones '{name}: reached {achieved_at}, predicted {predicted_at}'
call GET "/milestone-achievements?limit=1" | show_each items 'Latest: {name} of {goal_title}'

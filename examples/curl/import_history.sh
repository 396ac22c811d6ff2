#!/usr/bin/env bash
# Bring a goal along with what has happened already, dated as it happened.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

call POST /goals/import '{
  "title": "Write a book",
  "start_at": "2025-01-01T00:00:00Z",
  "history": [
    {"at": "2025-01-01T09:00:00Z", "event": "task_added", "task": "outline", "title": "Outline"},
    {"at": "2025-01-01T09:00:00Z", "event": "task_added", "task": "draft", "title": "Draft"},
    {"at": "2025-03-01T12:00:00Z", "event": "task_completed", "task": "outline"},
    {"at": "2025-08-01T12:00:00Z", "event": "task_completed", "task": "draft"},
    {"at": "2025-08-02T12:00:00Z", "event": "goal_completed"}
  ]
}' | show_each progress.milestones '{name}: {achieved_at}'

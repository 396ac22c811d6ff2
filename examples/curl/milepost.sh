# What the examples share, for bash: functions that call Milepost with curl 7.76 or later, and read answers with Python.
#
# MILEPOST_API is the address of the API, as in .milepost/env. Calls are made as MILEPOST_EMAIL with MILEPOST_PASSWORD,
# or with MILEPOST_TOKEN, an access token that you have already. No secret stands on a command line, where other users
# of the machine could read it: printf is of the shell itself.

set -euo pipefail
: "${MILEPOST_API:?the address of the API, as in .milepost/env}"

# token: print an access token; it is good for 15 minutes.
token() { if [ "${MILEPOST_TOKEN-}" ]; then printf '%s' "$MILEPOST_TOKEN"; else sign_in | field access_token; fi; }

# sign_in: print the tokens of a new session.
sign_in() {
  TOKEN='' call POST /auth/login "$(python3 -c 'import json, os
print(json.dumps({name: os.environ["MILEPOST_" + name.upper()] for name in ("email", "password")}))')"
}

# call METHOD PATH [BODY]: call with TOKEN and print the answer; call again when Milepost asks to come back later.
# A POST has an idempotency key, so that it has one effect however often it is sent: KEY, or a new one.
call() {
  local answer
  answer=$(mktemp)
  if printf '%s' "${3-}" | curl --silent --show-error --fail-with-body --retry 5 --request "$1" "$MILEPOST_API$2" \
    --header "Content-Type: application/json" --header "Idempotency-Key: ${KEY:-$(new_key)}" \
    --header @<(printf '%s' "${TOKEN:+Authorization: Bearer $TOKEN}") --data-binary @- --output "$answer"; then
    cat "$answer"
    rm "$answer"
  else
    cat "$answer" >&2
    rm "$answer"
    return 1
  fi
}

# field NAME: print a field of the answer on standard input.
field() { show "{$1}"; }

# show TEMPLATE: print the answer on standard input as the template says, such as '{title}: {progress[pace]}'.
show() { python3 -c 'import json, sys; print(sys.argv[1].format_map(json.load(sys.stdin)))' "$1"; }

# show_each LIST TEMPLATE: the same for each item of a list in the answer, such as `progress.milestones`.
show_each() {
  python3 -c 'import functools, json, sys
for each in functools.reduce(dict.get, sys.argv[1].split("."), json.load(sys.stdin)):
    print(sys.argv[2].format_map(each))' "$@"
}

new_key() { python3 -c 'import uuid; print(uuid.uuid4())'; }

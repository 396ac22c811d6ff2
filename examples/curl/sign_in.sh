#!/usr/bin/env bash
# Sign in, get the next access token without the password, and sign out.
. "$(dirname "$0")/milepost.sh"

tokens=$(sign_in)
TOKEN=$(field access_token <<<"$tokens")
call GET /auth/me | show 'Signed in as {email}.'

# A refresh token is good once: keep the new one. Whoever uses an old one again ends the session.
tokens=$(call POST /auth/refresh "{\"refresh_token\": \"$(field refresh_token <<<"$tokens")\"}")
show 'The next token is good for {expires_in} seconds.' <<<"$tokens"

TOKEN=$(field access_token <<<"$tokens")
call POST /auth/logout
echo "Signed out."

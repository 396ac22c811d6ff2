"""Sign in, get the next access token without the password, and sign out."""

from milepost import send, sign_in

tokens = sign_in()
me = send("GET", "/auth/me", token=tokens["access_token"])
print(f"Signed in as {me['email']}.")

# A refresh token is good once: keep the new one. If no answer comes, send the same one again within 60 seconds.
tokens = send("POST", "/auth/refresh", {"refresh_token": tokens["refresh_token"]})
print(f"The next token is good for {tokens['expires_in']} seconds.")

send("POST", "/auth/logout", token=tokens["access_token"])
print("Signed out.")

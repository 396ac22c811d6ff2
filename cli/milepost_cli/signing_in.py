"""Sign in, sign out, and who one is. Secrets come from a hidden prompt or from standard input, never from arguments."""

import re
import sys
import time
from dataclasses import replace
from typing import Annotated, Any

import typer

from milepost_cli import sessions, terminal
from milepost_cli.account import open_account, stage
from milepost_cli.api import Api, Request
from milepost_cli.options import Json
from milepost_cli.sessions import Session
from milepost_cli.stops import Misused, NotSignedIn
from milepost_cli.surroundings import API_KEY, URL, Surroundings

_CODE = re.compile(r"[0-9]{6}", re.ASCII)

Url = Annotated[str | None, typer.Option("--url", envvar=URL, metavar="URL", help="The address of the API.")]
Email = Annotated[str | None, typer.Option("--email", "-e", help="Your e-mail address; else it is asked for.")]


def login(context: typer.Context, url: Url = None, email: Email = None, as_json: Json = False) -> None:
    """Sign in and stay signed in on this machine.

    The password is asked for; where nobody can be asked, it is the first line of standard input.
    With a second factor, the code of the authenticator or a recovery code comes next.
    """
    around: Surroundings = context.obj
    earlier = sessions.load(around.folder)
    where = url or (None if earlier is None else earlier.url)
    if where is None:
        raise Misused("Say where: milepost login --url https://api.example.com")
    who = email or (earlier.email if earlier and not sys.stdin.isatty() else _asked("E-mail", hidden=False))
    api = stage(around, where)
    credentials = {"email": who, "password": _asked("Password", hidden=True)}
    grant = api.send(Request(method="POST", path="/auth/login", body=credentials, again=False)).json()
    if grant.get("mfa_required"):
        grant = _second_step(api, grant["mfa_token"])
    empty = Session(url=api.url, email=who, access_token="", refresh_token="", expires_at=0)
    with sessions.alone(around.folder):
        sessions.keep(around.folder, empty.granted(grant, now=time.time()))
    _show({"email": who, "url": api.url}, as_json=as_json)


def logout(context: typer.Context) -> None:
    """End the session, here and at the API."""
    around: Surroundings = context.obj
    if sessions.load(around.folder) is None:
        raise NotSignedIn("You are not signed in.")
    # The session ends also where an API key goes before it.
    without_key = {name: value for name, value in around.environment.items() if name != API_KEY}
    try:
        open_account(replace(around, environment=without_key)).sign_out()
    except NotSignedIn:
        sessions.forget(around.folder)
    terminal.say("Signed out.")


def whoami(context: typer.Context, as_json: Json = False) -> None:
    """Say who you are: the person who has signed in, or the service of the API key."""
    account = open_account(context.obj)
    me = account.get("/auth/me")
    if as_json:
        terminal.document({**me, "url": account.api.url})
        return
    name = {"user": me["email"], "name": me["display_name"]} if "email" in me else {"service": me["service_name"]}
    rights = {"roles": ", ".join(me["roles"])} if "roles" in me else {}
    terminal.pairs(
        {**name, **rights, "scopes": ", ".join(me["scopes"]), "tenant": me["tenant_id"], "url": account.api.url}
    )


def _second_step(api: Api, mfa_token: str) -> dict[str, Any]:
    code = _asked("Code", hidden=False)
    proof = {"code": code} if _CODE.fullmatch(code) else {"recovery_code": code}
    step = Request(method="POST", path="/auth/login/otp", body={"mfa_token": mfa_token, **proof}, again=False)
    grant: dict[str, Any] = api.send(step).json()
    return grant


def _asked(what: str, *, hidden: bool) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=hidden, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Misused(f"{what} was not on standard input, and there is nobody to ask.")
    return line


def _show(shown: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        terminal.document(shown)
    else:
        terminal.say(f"Signed in as {shown['email']} at {shown['url']}.")

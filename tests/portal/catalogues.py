"""What the pages behind links say in each language, and whether that is all they have to say."""

import json
import re
from typing import Any

from playwright.sync_api import Page

from functions.portal import files
from functions.projects import link_tokens
from shared.callers import tenant_settings
from shared.storage import table

Said = dict[str, dict[str, str]]

# No page sends these, whatever people do on it: a body that is no JSON.
_NEVER = {"Malformed", "UnsupportedMedia"}
_NAMED = re.compile(r"\{(\w+)\}")


def speaks(tenant_id: str, locale: str) -> None:
    """Have a tenant speak a language, as identity would."""
    pk, sk = tenant_settings.key(tenant_id)
    table.put_many([{"PK": pk, "SK": sk, "entity": "Tenant", "locale": locale}])
    tenant_settings.forget()


def said(page: Page, name: str) -> Said:
    """Return what a page says in each language, of its own and of what all of them say."""
    load = """async (name) => {
      const [own, all] = await Promise.all([import(`/${name}/texts.js`), import("/review/problems.js")]);
      const tags = [...new Set([...Object.keys(own.TEXTS), ...Object.keys(all.PROBLEMS)])];
      return Object.fromEntries(tags.map((tag) => [tag, { ...all.PROBLEMS[tag], ...own.TEXTS[tag] }]));
    }"""
    found: Said = page.evaluate(load, name)
    return found


def gaps(said: Said, script: str, operations: tuple[str, ...]) -> list[str]:
    """Return what a language does not say that the page shows, another says, or one of the operations may refuse."""
    wanted = {*re.findall(r"\bsay\.(\w+)", script), *_refusals(operations)}
    found = [f"no {tag}" for tag in link_tokens.LANGUAGES if tag not in said]
    for tag, texts in said.items():
        found += [f"{tag}: no {name}" for name in sorted((wanted | {*said["en"]}) - {*texts})]
        found += [f"{tag}: {name} alone" for name in sorted({*texts} - {*said["en"]})]
        found += [
            f"{tag}: {name} puts in something else"
            for name, text in texts.items()
            if sorted(_NAMED.findall(text)) != sorted(_NAMED.findall(said["en"].get(name, "")))
        ]
    return found


def _refusals(operations: tuple[str, ...]) -> set[str]:
    """Return the codes with which the document says that operations refuse, as the pages know them."""
    document: dict[str, Any] = json.loads((files.FOLDER.parents[1] / "docs" / "openapi.json").read_text())
    answers = [document["paths"][f"/api/v1/{each}"]["post"]["responses"] for each in operations]
    problems = [
        answer["content"]["application/problem+json"]["examples"]
        for each in answers
        for answer in each.values()
        if "application/problem+json" in answer["content"]
    ]
    codes = {code for examples in problems for code in examples} - _NEVER
    return {re.sub(r"^(Review|Probe)(?=Link)", "", code) for code in codes}

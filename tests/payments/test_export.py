"""What a tenant takes along when it leaves: every document that was issued, and a journal that adds up."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from functions.identity.accounts import tenants
from functions.payments.papers import making
from functions.payments.papers.papers import Document
from infra.commands.payments import documents, export
from infra.commands.payments.documents import TenantNotFound
from shared import clock, ids
from shared.storage import files, table
from shared.storage.writes import Put
from tests.aws.buckets import make_files_bucket
from tests.payments.invoicing import TERMS, Firm
from tests.payments.leading import ada, eve
from tests.projects.team import Person

__all__ = ["ada", "eve"]
pytestmark = pytest.mark.usefixtures("time")


@pytest.fixture
def firm(ada: Person) -> Firm:
    made = tenants.founded(tenant_id=ada.tenant_id, name="Engines", at=clock.now())
    table.transact([made[0]])
    return Firm.opened(ada, **TERMS)


@pytest.fixture
def bucket(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    files.client.cache_clear()


def exports(firm: Firm, to: Path) -> export.Done:
    return export.write(documents.of_tenant(firm.ada.tenant_id, clock.now()), to)


def names(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def sheet(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cancels(firm: Firm, invoice: dict[str, Any]) -> None:
    cancelled = firm.post(f"/invoices/{invoice['invoice_id']}/cancel", {"reason": "The order was withdrawn."})
    assert cancelled.status in (200, 201), cancelled.body


def test_every_issued_document_is_there_and_no_draft(firm: Firm, tmp_path: Path):
    cancels(firm, firm.issues(firm.verified(1000)))
    shown = firm.issues(firm.verified(31_250_000))
    firm.issues(firm.verified(2000), draft=True)
    exports(firm, tmp_path)

    kinds = ("html", "json", "pdf")
    assert names(tmp_path) == sorted(
        [
            "SHA256SUMS",
            *(f"credit-notes/CN-202611-0001.{each}" for each in kinds),
            *(f"invoices/INV-202611-000{number}.{each}" for number in (1, 2) for each in kinds),
            "ledger/accounts-EUR.csv",
            "ledger/journal-EUR.csv",
        ]
    )
    assert json.loads((tmp_path / "invoices/INV-202611-0002.json").read_text()) == shown
    assert (tmp_path / "invoices/INV-202611-0002.pdf").read_bytes().startswith(b"%PDF-1.")


def test_the_journal_adds_up_to_the_accounts(firm: Firm, tmp_path: Path):
    cancels(firm, firm.issues(firm.verified(1000)))
    firm.issues(firm.verified(31_250_000))
    exports(firm, tmp_path)
    journal, accounts = sheet(tmp_path / "ledger/journal-EUR.csv"), sheet(tmp_path / "ledger/accounts-EUR.csv")
    debits, credits_ = Counter[str](), Counter[str]()
    for line in journal:
        debits[line["account"]] += int(line["debit"])
        credits_[line["account"]] += int(line["credit"])

    assert sum(debits.values()) == sum(credits_.values()) > 0
    assert {each["account"]: int(each["debits_posted"]) for each in accounts} == {
        each["account"]: debits[each["account"]] for each in accounts
    }
    assert {each["account"]: int(each["credits_posted"]) for each in accounts} == {
        each["account"]: credits_[each["account"]] for each in accounts
    }
    assert [each["posted_at"] for each in journal] == sorted(each["posted_at"] for each in journal)


def test_the_sums_prove_what_was_written(firm: Firm, tmp_path: Path):
    firm.issues(firm.verified(1000))
    done = exports(firm, tmp_path)
    sums = dict(line.split("  ")[::-1] for line in (tmp_path / export.SUMS).read_text().splitlines())

    assert len(sums) == done.files
    assert sums == {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in sums}
    assert sorted(sums) == [each for each in names(tmp_path) if each != export.SUMS]


def test_a_pdf_is_the_one_that_clients_got_or_is_named(firm: Firm, bucket: None, tmp_path: Path):
    made = firm.issues(firm.verified(1000))
    of = Document(firm.ada.tenant_id, made["invoice_id"])
    making.make(of)
    assert exports(firm, tmp_path / "same").others == []
    place = documents.papers.key(of)
    stored = table.get(place)
    assert stored is not None
    table.transact([Put({**stored, "sha256": "0" * 64})])

    assert exports(firm, tmp_path / "other").others == [f"invoices/{made['number']}.pdf"]


def test_nothing_of_another_tenant_is_in_it(firm: Firm, eve: Person, tmp_path: Path):
    table.transact([tenants.founded(tenant_id=eve.tenant_id, name="Others", at=clock.now())[0]])
    firm.issues(firm.verified(1000))
    done = export.write(documents.of_tenant(eve.tenant_id, clock.now()), tmp_path)

    assert (done.files, names(tmp_path)) == (0, ["SHA256SUMS"])


def test_a_tenant_that_is_none_is_named(aws: None):
    with pytest.raises(TenantNotFound):
        next(documents.of_tenant(ids.new("tenant"), clock.now()))


def test_a_folder_that_is_there_is_not_written_into(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code = export.main(["prod", ids.new("tenant"), "--to", str(tmp_path)])

    assert code == 1
    assert "is there already" in capsys.readouterr().err

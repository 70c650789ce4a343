# SPDX-License-Identifier: Apache-2.0
"""tapwatt evidence: one session, what each witness says of it, and what none says."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fleet           # noqa: E402
import fleet_cases     # noqa: E402
import fleet_station   # noqa: E402
import page            # noqa: E402
import tap             # noqa: E402

TAPWATT = os.path.join(os.environ.get("TAPWATT_BUILD", os.getcwd()), "app/cli/tapwatt")
HOSTILE = '"></script><script>alert(1)</script><img src=x onerror=alert(2)>'
FOLDER = tempfile.TemporaryDirectory(prefix="tapwatt-evidence-")
WORLD = fleet.make(7, cases=[fleet_cases.chargeback], batches=False)
DISPUTED = next(t.where[0] for t in WORLD.truth if t.class_ == "chargeback")
SALE = next(s for s in WORLD.sales if s.session == DISPUTED)


def tapwatt(*words, status):
    done = subprocess.run([TAPWATT, *words], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, LC_ALL="C.UTF-8"))
    assert done.returncode == status, f"exit {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
    return done.stderr if status in (2, 3) else done.stdout


def inputs():
    """The command's words: real journals instead of the tables of sales; made once."""
    folder = f"{FOLDER.name}/in"
    made = os.path.exists(folder)
    os.makedirs(folder, exist_ok=True)
    words = [] if made else fleet.write(WORLD, folder)
    if not made:
        while "--journal" in words:
            at = words.index("--journal")
            del words[at:at + 2]
        for station, _account in WORLD.stations:
            sales = [s for s in WORLD.sales if s.station == station]
            words += ["--journal", fleet_station.journal_of(station, sales).write(f"{folder}/{station}")]
        with open(f"{folder}/words.json", "w", encoding="utf-8") as out:
            json.dump(words, out)
    with open(f"{folder}/words.json", encoding="utf-8") as file:
        return json.load(file)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def four_witnesses():
    out = f"{FOLDER.name}/four"
    tapwatt("evidence", DISPUTED, *inputs(), "--output", out, status=1)
    rows = [json.loads(line) for line in read(f"{out}/rows.jsonl").splitlines()]
    by = {w: [r for r in rows if r["witness"] == w] for w in ("journal", "meter", "psp", "bank")}
    assert [r["session"] for r in by["journal"]] == [DISPUTED]
    assert by["journal"][0]["captured_minor"] == SALE.price_minor == by["journal"][0]["repriced_minor"]
    assert [r["energy_wh"] for r in by["meter"]] == [SALE.energy_wh] and by["meter"][0]["verdict"] == "valid"
    assert sorted(r["gross_minor"] for r in by["psp"]) == [-SALE.price_minor, SALE.price_minor], by["psp"]
    assert {r["payment_ref"] for r in by["psp"]} == {SALE.payment_ref}
    assert len(by["bank"]) == 1 and by["psp"][0]["batch"] in by["bank"][0]["remittance"], by["bank"]
    for row in by["psp"]:   # the place is where it stands
        path, line = row["place"].rsplit(":", 1)
        assert SALE.payment_ref in read(path).splitlines()[int(line) - 1], row

    journal = by["journal"][0]["place"].rsplit(":", 1)[0]
    assert read(f"{out}/signed.ocmf").splitlines() == SALE.records
    assert "the same" in read(f"{out}/price.txt")
    assert read(f"{out}/receipt.txt") == tapwatt("receipt", DISPUTED, "--journal", journal, status=0)
    assert read(f"{out}/journal.jsonl") == tapwatt("journal", "export", journal, "--session", DISPUTED, status=0)
    text = read(f"{out}/index.html")
    for said in ("chargeback", SALE.payment_ref, SALE.psp_ref, "approved", "request", "Fleet GmbH"):
        assert said in text, said
    assert "Nothing from a" not in text.replace("Nothing from a meter that signs", "")


def missing_witnesses():
    words = inputs()
    at = words.index("--journal")
    out = f"{FOLDER.name}/one"
    station = next(words[i + 1] for i in range(at, len(words)) if words[i] == "--journal"
                   and f"/{SALE.station}/" in words[i + 1])
    tapwatt("evidence", DISPUTED, "--as-of", words[words.index("--as-of") + 1], "--journal", station, "--output", out,
            status=0)   # captured, and no payment service was asked: nothing is overdue, as with tapwatt reconcile
    text = read(f"{out}/index.html")
    for nothing in ("Nothing from a meter.", "Nothing from a payment service.", "Nothing from a bank."):
        assert nothing in text, nothing
    assert "Nothing from a journal." not in text and not os.path.exists(f"{out}/signed.ocmf")


def same_judgement():
    """Of a session the evidence says what the books say, whichever witnesses were asked, and by the same options."""
    words = inputs()
    alone = [w for at in range(0, len(words), 2) if words[at] not in ("--psp", "--bank") for w in words[at:at + 2]]
    settled = [w for at in range(0, len(words), 2) if words[at] != "--bank" for w in words[at:at + 2]]
    seen = set()
    for files in (words, alone, settled):
        for more in ((), ("--fee", "999"), ("--fee", "999", "--tolerance", "5%"), ("--meter-required",)):
            done = subprocess.run([TAPWATT, "reconcile", *files, *more, "--json"], capture_output=True, text=True,
                                  timeout=300, check=False)
            told = {e["class"] for e in json.loads(done.stdout)["exceptions"] if e["session"] == DISPUTED}
            out = f"{FOLDER.name}/judged"
            tapwatt("evidence", DISPUTED, *files, *more, "--output", out, status=1 if told else 0)
            text = read(f"{out}/index.html")
            assert all(class_ in text for class_ in told), (files, more, told)
            shutil.rmtree(out)
            seen |= told or {""}
    assert seen >= {"", "chargeback", "fee_deviation"}, seen


def refused():
    words = inputs()
    out = f"{FOLDER.name}/none"
    assert "no witness knows" in tapwatt("evidence", "NOBODY", *words, "--output", out, status=2)
    assert not os.path.exists(out)
    os.mkdir(out)
    assert "not overwritten" in tapwatt("evidence", DISPUTED, *words, "--output", out, status=2)
    assert os.listdir(out) == []
    os.rmdir(out)
    tapwatt("evidence", DISPUTED, *words, "--output", "/proc/nowhere", status=3)


def a_page_for_people():
    if page.CHROMIUM is None:
        raise tap.Skip("chromium is not installed")
    world = fleet.make(3, cases=[], batches=False)
    sale = world.sales[0]
    sale.session = HOSTILE
    os.mkdir(f"{FOLDER.name}/hostile")
    out = f"{FOLDER.name}/hostile/out"
    tapwatt("evidence", HOSTILE, *fleet.write(world, f"{FOLDER.name}/hostile"), "--output", out, status=0)
    for folder in [out] + ([f"{FOLDER.name}/four"] if os.path.exists(f"{FOLDER.name}/four") else []):
        for width, dark in ((1280, True), (390, False)):
            told = page.ask(f"{folder}/index.html", width, dark, scripts=True)
            assert told["errors"] == [] and told["fetched"] == [] and told["faint"] == [], told
            assert told["scrolls"] <= told["width"] == width, (told["scrolls"], told["width"])
        paper = page.pdf(f"{folder}/index.html")
        assert paper.startswith(b"%PDF-") and paper.rstrip().endswith(b"%%EOF")
    assert HOSTILE in page.ask(f"{out}/index.html", scripts=True)["text"]


if __name__ == "__main__":
    tap.run([
        ("a disputed session is told by four witnesses, with file and line", four_witnesses),
        ("a witness that says nothing is shown as one that says nothing", missing_witnesses),
        ("what it says of a session is what the books say", same_judgement),
        ("an unknown session and a directory that is there are refused", refused),
        ("the page is for people, whatever a session is called", a_page_for_people),
    ])

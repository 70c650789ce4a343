# SPDX-License-Identifier: Apache-2.0
"""The bench as a program: how it starts and ends, its control socket, scenarios, exit statuses."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.environ["TW_TEST_LIB"])
import acquirer_client as ac
import tap_cases

PROGRAM = sys.argv[1]


def run(*arguments, **kw):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False, **kw)


def fails(status, words, *arguments):
    done = run(*arguments)
    assert done.returncode == status and words in done.stderr, (arguments, done)
    assert done.stderr.startswith("tapwatt-bench: ") and done.stderr.count("\n") == 1, done.stderr


def help_teaches(street):
    done = run("--help")
    assert done.returncode == 0 and not done.stderr
    for word in ["run --dir", "ctl --dir", "play FILE", "wait-for", "expect", "--with-parent", "Exit status"]:
        assert word in done.stdout, word


def wrong_usage_is_one_line(street):
    fails(2, "say run, ctl, panel or play")
    fails(2, "say run, ctl, panel or play", "run")
    fails(2, "the commands are", "dance", "--dir", "/tmp")
    fails(2, "Unknown option", "run", "--dri", "x")
    fails(2, "--connectors", "run", "--dir", "x", "--connectors", "9")
    fails(2, "an order is missing", "ctl", "--dir", street.dir)
    fails(2, "No such file", "play", "/nowhere/at-all", "--dir", street.dir)


def no_street_is_status_3(street):
    fails(3, "no bench listens", "ctl", "--dir", "/nowhere/at-all", "status")


def ctl_prints_the_answer(street):
    done = run("ctl", "--dir", street.dir, "acquirer", "rule", "decline", "count=1")
    assert done.returncode == 0 and done.stdout == '{"ok":true}\n', done
    done = run("ctl", "--dir", street.dir, "acquirer", "rule", "maybe")
    assert done.returncode == 1 and "accepted are" in json.loads(done.stdout)["error"], done
    assert street.client.authorize().body["status"] == "DECLINED"


def the_files_are_what_a_station_needs(street):
    told = json.load(open(street.dir + "/street.json"))
    assert told["conf"] == street.dir + "/tapwatt.conf" and told["port"] > 1024 and told["pid"] == street.process.pid
    conf = open(told["conf"]).read()
    assert "connect_to = 127.0.0.1:%d\n" % told["port"] in conf
    for line in conf.splitlines():
        name, _, value = line.partition(" = ")
        if name in ("ca_file", "shared_secret_file", "mle_certificate", "response_key", "directory"):
            assert os.path.exists(value), line


def a_second_bench_in_the_folder_is_refused(street):
    fails(2, "another bench listens", "run", "--dir", street.dir)
    assert street.ctl("status")["acquirer"]["listening"] is True


def a_dead_socket_is_replaced(street):
    street.process.kill()
    street.process.wait()
    assert os.path.exists(street.dir + "/ctl.sock")
    os.unlink(street.dir + "/street.json")
    street.start()
    assert street.ctl("status")["ok"]


def keys_stay_over_a_restart(street):
    before = open(street.street["keys"] + "/names").read()
    assert street.stop() == 0
    street.start()
    assert open(street.street["keys"] + "/names").read() == before


def it_ends_with_signals_and_cleans_up(street):
    for number in [signal.SIGTERM, signal.SIGINT]:
        street.process.send_signal(number)
        assert street.process.wait(30) == 0
        assert not os.path.exists(street.dir + "/ctl.sock") and not os.path.exists(street.dir + "/street.json")
        street.process.stdin.close()
        street.start()


def it_ends_with_its_parent(street):
    assert street.stop() == 0
    assert not os.path.exists(street.dir + "/ctl.sock")
    street.start()


def it_ends_when_told(street):
    street.ctl("quit")
    assert street.process.wait(30) == 0
    street.process.stdin.close()
    street.start()


def a_port_that_is_taken_is_told(street):
    fails(2, "cannot listen", "run", "--dir", street.folder.name + "/other", "--port", str(street.street["port"]),
          "--keys", street.street["keys"], "--cards", "/nowhere")


def a_folder_that_cannot_be_is_told(street):
    fails(2, "cannot be made", "run", "--dir", "/dev/null/x")
    fails(2, "longer than a socket's name", "run", "--dir", street.folder.name + "/" + "x" * 120)


def a_broken_card_is_told(street):
    folder = street.folder.name + "/cards"
    os.mkdir(folder)
    with open(folder + "/bad.card", "w") as file:
        file.write("[application visa]\npan = 4111111111111111\nmaster-key = 0011\n")
    fails(2, "bad.card: [application visa]", "run", "--dir", street.folder.name + "/bad", "--cards", folder,
          "--keys", street.street["keys"])


def cards_are_read_from_profiles(street):
    folder = street.folder.name + "/good-cards"
    os.mkdir(folder)
    with open(folder + "/good.card", "w") as file:
        file.write("[card]\ntitle = good\n[application visa]\npan = %s\nsequence = 1\nmaster-key = %s\n"
                   % (ac.PAN, ac.MASTER_KEY.hex()))
    with ac.Street(PROGRAM, "--keys", street.street["keys"], cards=folder) as other:
        assert other.client.authorize().body["status"] == "AUTHORIZED"
        assert other.ctl("ledger")["lines"][-1]["note"] == "cryptogram-right"
        assert other.client.authorize(master=bytes(16)).body["status"] == "DECLINED"
        assert other.ctl("ledger")["lines"][-1]["note"] == "cryptogram-wrong"


def talk(street, data, shut=True):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(30)
        s.connect(street.dir + "/ctl.sock")
        try:
            s.sendall(data)
            if shut:
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answer = b""
        while True:
            try:
                part = s.recv(65536)
            except ConnectionResetError:
                return answer
            if not part:
                return answer
            answer += part


def devices_take_their_orders(street):
    street.ctl("car", "1", "plug")
    assert street.ctl("status")["controller"]["1"]["plugged"] is True
    street.ctl("car", "1", "unplug")
    assert street.ctl("status")["controller"]["1"]["plugged"] is False
    assert street.ctl("status")["reader"]["path"] == street.dir + "/reader"
    for words in [["car", "9", "plug"], ["car", "1", "fly"], ["car", "1", "plug", "twice=1"], ["card", "tap", "nobody"],
                  ["card", "tap", "../x"], ["reader", "fault", "nothing"], ["controller", "1", "cable", "cut"],
                  ["station", "go"], ["finger", "poke"]]:
        street.ctl(*words, fail=True)


class Watch:
    """What happens, read from the control socket as it comes."""

    def __init__(self, street, *words, **options):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(street.dir + "/ctl.sock")
        self.socket.sendall(json.dumps({"cmd": "watch", "words": list(words), **options}).encode() + b"\n")
        self.file = self.socket.makefile()
        self.hello = self.next()

    def next(self):
        return json.loads(self.file.readline())

    def until(self, **wanted):
        """The next one that has these members, and those before it."""
        seen = []
        while True:
            seen.append(self.next())
            if all(seen[-1].get(k) == v for k, v in wanted.items()):
                return seen[-1], seen[:-1]

    def end(self):
        self.file.close()
        self.socket.close()


def whoever_watches_is_told(street):
    watch = Watch(street)
    assert watch.hello["ok"] is True and watch.hello["street"] > 0, watch.hello
    state, before = watch.until(kind="state")
    assert state["state"]["acquirer"]["listening"] is True and state["state"]["card"]["held"] is None, state
    street.ctl("acquirer", "fault", "drop", "op=refund")
    fault, _ = watch.until(kind="hand")
    assert fault["text"] == "acquirer fault drop op=refund", fault
    state, _ = watch.until(kind="state")
    faults = state["state"]["acquirer"]["faults"]
    assert faults == [{"kind": "drop", "op": "refund", "when": "before", "count": 1}], state
    code = "WATCHED-1"
    street.client.authorize(code=code, amount="12.00")
    asked, _ = watch.until(kind="wire", wire="acquirer", **{"from": "station"})
    assert asked["session"] == code and asked["method"] == "POST" and "12.00 EUR" in asked["text"], asked
    line, _ = watch.until(kind="ledger")
    assert line["session"] == code and line["line"]["move"] == "hold" and line["line"]["amount"] == "12.00", line
    answered, _ = watch.until(kind="wire", wire="acquirer", **{"from": "street"})
    assert answered["http"] == 201 and answered["n"] == asked["n"] + 2, answered
    again = Watch(street, since=asked["n"])
    assert again.next()["n"] == line["n"] and again.next()["n"] == answered["n"]
    again.end()
    watch.end()
    street.ctl("acquirer", "fault", "clear")


def no_card_number_is_watched(street):
    watch = Watch(street, "all")
    street.ctl("acquirer", "card", "pan=4012888888881881", "master-key=" + "5a" * 16)
    order, seen = watch.until(kind="hand", text="acquirer card pan=************1881 master-key=...")
    street.ctl("car", "4012888888881881", "plug", fail=True)
    refused, more = watch.until(kind="hand", text="refused: a number from 1 to 2 is expected")
    lines = [order, refused, *seen, *more]
    assert not any("401288888888" in json.dumps(line) or "5a5a" in json.dumps(line) for line in lines), lines
    watch.end()


def clear_skies_undo_everything(street):
    before = street.ctl("status")["acquirer"]
    for order in (["acquirer", "fault", "502"], ["acquirer", "rule", "odd"], ["acquirer", "cents", "off"],
                  ["acquirer", "down"], ["reader", "fault", "no-ack"], ["reader", "cable", "pull"],
                  ["controller", "1", "fault", "gfci"], ["controller", "1", "cable", "pull"],
                  ["controller", "2", "misbehave", "garbage"], ["car", "2", "stubborn"]):
        street.ctl(*order)
    street.ctl("acquirer", "clock", "offset-s=100")
    street.ctl("acquirer", "lag", "search-ms=5")
    street.ctl("clear-skies")
    watch = Watch(street)
    state = watch.until(kind="state")[0]["state"]
    watch.end()
    assert state["acquirer"]["listening"] is True and state["acquirer"]["faults"] == [], state
    assert state["acquirer"]["clock_offset_s"] == 0 and state["acquirer"]["search_lag_ms"] == 0, state
    assert state["acquirer"]["cents"] is True and len(state["acquirer"]["rules"]) == 1, state
    assert state["reader"] == {"plugged": True, "fault": None}, state
    for bay in state["controller"].values():
        assert bay["cable"] and bay["fault"] is None and bay["misbehaves"] == "none" and not bay["stubborn"], bay
    assert street.ctl("status")["acquirer"]["port"] == before["port"]
    assert street.client.authorize().status == 201


def watching_is_printed(street):
    process = subprocess.Popen([PROGRAM, "ctl", "--dir", street.dir, "watch", "text"], stdout=subprocess.PIPE,
                               text=True)
    street.ctl("car", "1", "plug")
    street.ctl("car", "1", "unplug")
    for line in process.stdout:
        if line.endswith("car 1 unplug\n"):
            break
    assert "  hand " in line, line
    process.terminate()
    process.communicate(timeout=20)
    done = run("ctl", "--dir", street.dir, "watch", "everything")
    assert done.returncode == 1 and "accepted are all" in json.loads(done.stdout)["error"], done


def who_does_not_read_holds_nobody_up(street):
    watch = Watch(street, "all")
    for _ in range(300):
        assert street.ctl("car", "1", "draw", "6000")["ok"]
    watch.end()
    assert street.ctl("status")["ok"]


def rubbish_on_the_socket_is_answered(street):
    for line in [b"{", b"[]", b"{}", b'{"cmd":1}', b'{"cmd":"status","words":[1]}',
                 b'{"cmd":"status","cmd":"status"}', b"\0"]:
        answer = json.loads(talk(street, line + b"\n"))
        assert answer["ok"] is False and answer["error"], line
    assert talk(street, b'{"cmd":"help"}') == b""


def answers_come_in_order(street):
    text = talk(street, b'{"cmd":"ledger","code":"x"}\nnonsense\n{"cmd":"help"}\n').decode().splitlines()
    assert [json.loads(line)["ok"] for line in text] == [True, False, True]


def endless_lines_end_the_connection(street):
    assert talk(street, b"x" * 200000, shut=False) == b""
    assert street.ctl("status")["ok"]


def scenario(street, text):
    path = street.folder.name + "/scenario-%d" % time.monotonic_ns()
    with open(path, "w") as file:
        file.write(text)
    return path


def a_scenario_is_played(street):
    code = ac.authorization()["clientReferenceInformation"]["code"]
    answer = street.client.authorize(code=code)
    street.client.post("/pts/v2/payments/%s/captures" % answer.id, ac.capture("12.30", code))
    path = scenario(street, """# comment
acquirer fault drop op=capture
print hello "two  words"
expect ledger code=%s captured=12.30 reversed=37.70 open=0.00
expect ledger code=%s count=1
expect ledger code=nobody count=0
wait-for lines code=%s op=release amount=37.70 within=1
expect status acquirer.faults=1 acquirer.listening=true
acquirer fault clear
refused acquirer fault burn
sleep 0.01
wait-for status acquirer.faults=0
""" % (code, code, code))
    done = run("play", path, "--dir", street.dir)
    assert done.returncode == 0, done
    assert "hello two  words\n" in done.stdout and "   2  acquirer fault drop op=capture\n" in done.stdout, done.stdout


def a_finger_on_a_screen(street):
    """--touch: the finger and the pictures are another program's; receipts stay with the bus."""
    touched = os.path.join(street.dir, "touched")
    program = os.path.join(street.dir, "touch")
    with open(program, "w") as file:
        file.write(f'#!/bin/sh\necho "$*" >>{touched}\n[ "$1" != stop ] || {{ echo "no such button" >&2; exit 1; }}\n')
    os.chmod(program, 0o700)
    path = scenario(street, "finger choose 1 de\npicture 'the offer'\n")
    done = run("play", path, "--dir", street.dir, "--touch", program)
    assert done.returncode == 0, done
    assert open(touched).read() == "choose 1 de\npicture the offer\n", open(touched).read()
    done = run("play", scenario(street, "finger stop 2\n"), "--dir", street.dir, "--touch", program)
    assert done.returncode == 1 and "finger stop 2: no such button" in done.stderr, done
    done = run("play", scenario(street, "finger receipt S text\n"), "--dir", street.dir, "--touch", program)
    assert done.returncode != 0 and "receipt" not in open(touched).read(), done
    done = run("play", scenario(street, "picture welcome\n"), "--dir", street.dir)
    assert done.returncode == 0, done


def a_scenario_remembers_and_tells(street):
    code = ac.authorization()["clientReferenceInformation"]["code"]
    answer = street.client.authorize(code=code)
    street.client.post("/pts/v2/payments/%s/captures" % answer.id, ac.capture("12.30", code))
    saved = street.folder.name + "/saved"
    path = scenario(street, """let code %s
wait-for status acquirer.faults>=0
find a ledger code=${code}
find first lines code=${code} op=authorize
print "${a.captured,8}|${a.reversed,-8}|${first.amount} ${acquirer.listening}"
tell Bank "gives ${a.reversed} back"
tell "" "and keeps \'${a.captured}\'"
save %s.json payments ledger code=${code}
save %s.text help help
""" % (code, saved, saved))
    done = run("play", path, "--dir", street.dir, "--story")
    assert done.returncode == 0, done
    assert done.stdout == ("   12.30|37.70   |50.00 true\n"
                           "  0:00  Bank      gives 37.70 back\n"
                           "                  and keeps '12.30'\n"), done.stdout
    with open(saved + ".json") as file:
        assert [payment["captured"] for payment in json.load(file)] == ["12.30"]
    with open(saved + ".text") as file:
        assert "acquirer fault" in file.read()


def the_first_failing_step_ends_a_scenario(street):
    for line, status, words in [
        ("expect ledger code=nobody", 1, "of the ledger's payments are like this"),
        ("expect status acquirer.faults=7", 1, "acquirer.faults is 0"),
        ("wait-for ledger code=nobody within=0.05", 1, "of the ledger's payments are like this"),
        ("expect", 2, "needs ledger, lines or status"), ("expect ledger open", 2, "a condition is NAME=VALUE"),
        ("expect weather a=b", 2, "accepted are"), ("sleep soon", 2, "accepted are"), ("dance", 1, "no such command"),
        ("expect status acquirer.faults>=1", 1, "acquirer.faults is 0"),
        ("expect status acquirer.faults>=x", 1, "is 0"),
        ("print ${nothing}", 2, "neither remembered nor in the status"), ("print ${open", 2, "is missing"),
        ("print ${acquirer.faults,wide}", 2, "a width"), ("let x", 2, "a name and a value"), ("tell Ann", 2, "who"),
        ("find", 2, "under which name"), ("find a", 2, "needs ledger"),
        ("find a ledger code=nobody", 1, "are like this"),
        ("find a ledger code=nobody count=0", 2, "not count=0"),
        ("find a status acquirer.faults=0", 2, "ledger or lines"),
        ("save x", 2, "needs a file"), ("save x nothing status", 2, "has no nothing"), ("save x y dance", 1, "no such"),
        ("save /nowhere/x help help", 3, "/nowhere"),
        ("refused status", 1, "was expected to be refused"), ("print 'open", 2, "quot"),
    ]:
        path = scenario(street, "print begin\n%s\nprint never\n" % line)
        done = run("play", path, "--dir", street.dir)
        assert done.returncode == status, (line, done)
        assert "%s:2: %s: " % (path, line) in done.stderr and words in done.stderr, (line, done.stderr)
        assert "begin" in done.stdout and "never" not in done.stdout, done.stdout


def a_scenario_has_a_street_of_its_own(street):
    done = run("play", scenario(street, "expect status acquirer.listening=true\nacquirer requests\n"),
               env=dict(os.environ, TMPDIR=street.folder.name))
    assert done.returncode == 0, done
    folder = done.stdout.split("The street is in ")[1].splitlines()[0]
    assert folder.startswith(street.folder.name) and os.path.exists(folder + "/ledger.jsonl")
    assert not os.path.exists(folder + "/ctl.sock"), "the street is still there"


if __name__ == "__main__":
    with ac.Street(PROGRAM) as the_street:
        status = tap_cases.run(tap_cases.collect(globals()), "/bench/street", the_street)
    sys.exit(status)

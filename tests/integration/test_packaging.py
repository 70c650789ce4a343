# SPDX-License-Identifier: Apache-2.0
"""What a real station stands on beside its programs: the bus policy on a real bus, with real users; the systemd units;
and the reader as systemd starts it, at a socket of its own."""
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import tap
from street import BUILD, DEST, READER, SOURCE, STATION, TAPWATTD, Street, wait_until

PACKAGING = os.path.join(SOURCE, "packaging")
POLICY = os.path.join(PACKAGING, "dbus", "org.tapwatt.Station1.conf")
XML = os.path.join(SOURCE, "app", "bus", "org.tapwatt.Station1.xml")
CONNECTOR = "/org/tapwatt/Connector1/1"
CONNECTOR_IFACE = "org.tapwatt.Connector1"
PROPERTIES = "org.freedesktop.DBus.Properties"

# As Debian's /usr/share/dbus-1/system.conf begins: nobody may own a name or call a method unless somebody says so.
SYSTEM_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen>
<policy context="default">
  <allow user="*"/><deny own="*"/><deny send_type="method_call"/>
  <allow send_type="signal"/><allow send_requested_reply="true" send_type="method_return"/>
  <allow send_requested_reply="true" send_type="error"/>
  <allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
  <allow receive_type="signal"/><allow send_destination="org.freedesktop.DBus"/>
</policy>
<include>{policy}</include>
</busconfig>
"""

# Users that every Debian has, in the parts of those that packaging/systemd/tapwatt.sysusers makes.
PARTS = {"tapwatt": "root", "tapwatt-kiosk": "nobody", "tapwatt-operator": "games"}
KIOSK, OPERATOR, STRANGER = "nobody", "games", "daemon"


class PoliceStreet(Street):
    """A street whose bus has the system bus's manners and our policy."""

    def _start_bus(self):
        os.chmod(self.dir, 0o711)   # others must reach the bus's socket
        with open(POLICY) as file:
            text = file.read()
        for name, stand_in in PARTS.items():
            text, n = re.subn(rf'(user|group)="{name}"', rf'\1="{stand_in}"', text)
            assert n == 1, (name, n)
        paths = {name: os.path.join(self.dir, name) for name in ("policy.conf", "bus.conf", "bus")}
        with open(paths["policy.conf"], "w") as file:
            file.write(text)
        with open(paths["bus.conf"], "w") as file:
            file.write(SYSTEM_BUS.format(path=paths["bus"], policy=paths["policy.conf"]))
        self.bus = subprocess.Popen(["dbus-daemon", "--nofork", "--nopidfile", "--config-file", paths["bus.conf"]],
                                    stderr=subprocess.DEVNULL)
        wait_until("the bus", lambda: os.path.exists(paths["bus"]))

    def call_as(self, user, path, iface, method, *args, dest=DEST):
        """The bus's error, or None. What the station itself says no to has passed the bus."""
        group = pwd.getpwnam(user).pw_gid
        done = subprocess.run(["setpriv", f"--reuid={user}", f"--regid={group}", "--init-groups", "dbus-send",
                               f"--bus={self.address}", "--print-reply", f"--dest={dest}", path, f"{iface}.{method}",
                               *args], capture_output=True, text=True, timeout=30)
        return None if done.returncode == 0 else done.stderr.strip()


def need_users():
    if os.geteuid() != 0:
        raise tap.Skip("needs root, to become several users")
    for program in ("setpriv", "dbus-send"):
        if shutil.which(program) is None:
            raise tap.Skip(f"needs {program}")


# What a driver's finger does and a screen reads.
KIOSK_MAY = [
    (STATION, DEST, "Choose", "uint32:1", "string:en"), (STATION, DEST, "Cancel"), (STATION, DEST, "Accept"),
    (STATION, DEST, "Touched"),
    (STATION, DEST, "SetLanguage", "string:de"), (STATION, DEST, "SetGoal", "string:energy", "int64:5000"),
    (STATION, DEST, "Receipt", "string:x", "string:text", "string:en"),
    (CONNECTOR, CONNECTOR_IFACE, "Stop"), (CONNECTOR, CONNECTOR_IFACE, "SetLanguage", "string:de"),
    (CONNECTOR, CONNECTOR_IFACE, "Dismiss"), (STATION, PROPERTIES, "GetAll", f"string:{DEST}"),
    (CONNECTOR, PROPERTIES, "Get", f"string:{CONNECTOR_IFACE}", "string:EnergyWh"),
    (STATION, "org.freedesktop.DBus.Introspectable", "Introspect"),
]
KIOSK_MAY_NOT = [
    (STATION, DEST, "Capture", "string:x"), (STATION, DEST, "Refund", "string:x"), (STATION, DEST, "Reload"),
    (STATION, PROPERTIES, "Set", f"string:{DEST}", "string:Name", "variant:string:mine"),
    (STATION, DEST, "ActivateTariff", "uint32:1", "string:{}", "string:", "boolean:false"),
    (STATION, DEST, "ActivateOffers", "string:{}", "string:", "string:"), (STATION, DEST, "WithdrawOffers"),
    (STATION, DEST, "SessionMoney", "string:x"),
    (STATION, DEST, "Repair", "string:x", "string:refund", "int64:100", "string:EUR", "string:3f9a", "string:me"),
    (CONNECTOR, CONNECTOR_IFACE, "Start"), (STATION, "org.freedesktop.DBus.Peer", "GetMachineId"),
]


def refused_by_the_bus(error):
    return error is not None and "Error org.freedesktop.DBus.Error.AccessDenied" in error


def reached_the_station(error):
    """It did it, or said itself that it cannot."""
    return error is None or re.match(r"Error org\.(tapwatt\.Error|freedesktop\.DBus\.Error\.(Unknown|Invalid))", error)


def policy_on_a_real_bus():
    need_users()
    with PoliceStreet() as street:
        street.start()
        for call in KIOSK_MAY:
            error = street.call_as(KIOSK, *call)
            assert reached_the_station(error), (call, error)
        for call in KIOSK_MAY_NOT:
            assert refused_by_the_bus(street.call_as(KIOSK, *call)), call
        for call in KIOSK_MAY + KIOSK_MAY_NOT:
            assert refused_by_the_bus(street.call_as(STRANGER, *call)), call
            error = street.call_as(OPERATOR, *call)
            assert reached_the_station(error), (call, error)
        for user in (KIOSK, OPERATOR, STRANGER):
            error = street.call_as(user, "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                   f"string:{DEST}", "uint32:3", dest="org.freedesktop.DBus")
            assert refused_by_the_bus(error), (user, error)


def policy_names_every_method():
    """A method that comes to the XML must be decided on here and there."""
    methods = {(interface.get("name"), method.get("name")) for interface in ElementTree.parse(XML).iter("interface")
               for method in interface.iter("method")}
    kiosk = [policy for policy in ElementTree.parse(POLICY).iter("policy") if policy.get("user") == "tapwatt-kiosk"][0]
    allowed = {(rule.get("send_interface"), rule.get("send_member")) for rule in kiosk}
    assert all(None not in pair for pair in allowed), allowed
    ours = {pair for pair in allowed if pair[0].startswith("org.tapwatt.")}
    operators = ("ActivateTariff", "ActivateOffers", "WithdrawOffers", "Repair", "SessionMoney")
    assert ours == methods - {(DEST, verb) for verb in operators}, (ours, methods)
    assert ours == {(DEST, verb) for verb in ("Choose", "SetGoal", "Accept", "Touched", "Cancel", "SetLanguage",
                                              "Receipt")} | {
        (CONNECTOR_IFACE, verb) for verb in ("Stop", "SetLanguage", "Dismiss")}, (ours, methods)


def policy_is_well_formed():
    if shutil.which("xmllint") is None:
        raise tap.Skip("needs xmllint")
    done = subprocess.run(["xmllint", "--noout", "--nonet", POLICY], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with tempfile.TemporaryDirectory(prefix="tw-policy-") as folder:
        broken = os.path.join(folder, "broken.conf")
        with open(broken, "w") as file:
            file.write(open(POLICY).read().replace("</busconfig>", ""))
        assert subprocess.run(["xmllint", "--noout", broken], capture_output=True).returncode != 0


def verify(folder):
    units = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units], timeout=120,
                          capture_output=True, text=True, env=dict(os.environ, SYSTEMD_LOG_COLOR="0"))
    return done.returncode, [line for line in done.stderr.splitlines() if "tapwatt" in line]


def units_are_understood():
    if shutil.which("systemd-analyze") is None:
        raise tap.Skip("needs systemd-analyze")
    with tempfile.TemporaryDirectory(prefix="tw-units-") as folder:
        for name, program in (("tapwattd.service", TAPWATTD), ("tapwatt-reader.service", READER)):
            with open(os.path.join(BUILD, "packaging", name)) as file:
                text, n = re.subn(r"(?m)^ExecStart=\S+", f"ExecStart={program}", file.read())
            assert n == 1 and not re.search(r"@\w+@", text), text
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        shutil.copy(os.path.join(PACKAGING, "systemd", "tapwatt-reader.socket"), folder)

        status, complaints = verify(folder)
        assert status == 0 and not complaints, "\n".join(complaints)
        with open(os.path.join(folder, "tapwattd.service"), "a") as file:
            file.write("\n[Service]\nWatchDogs=30\n")
        assert any("WatchDogs" in line for line in verify(folder)[1]), "a wrong key is not found"


def users_and_folders_are_understood():
    if shutil.which("systemd-sysusers") is None or shutil.which("systemd-tmpfiles") is None or os.geteuid() != 0:
        raise tap.Skip("needs systemd-sysusers, systemd-tmpfiles and root")
    with tempfile.TemporaryDirectory(prefix="tw-root-") as root:
        os.makedirs(root + "/etc")
        with open(root + "/etc/group", "w") as file:
            file.write("root:x:0:\ndialout:x:20:\n")
        with open(root + "/etc/passwd", "w") as file:
            file.write("root:x:0:0:root:/root:/bin/sh\n")
        for program, name in (("systemd-sysusers", "tapwatt.sysusers"), ("systemd-tmpfiles", "tapwatt.tmpfiles")):
            create = ["--create"] if program == "systemd-tmpfiles" else []
            done = subprocess.run([program, f"--root={root}", *create, os.path.join(PACKAGING, "systemd", name)],
                                  capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        users = {line.split(":")[0] for line in open(root + "/etc/passwd")}
        assert {"tapwatt", "tapwatt-reader", "tapwatt-kiosk"} <= users, users
        groups = {line.split(":")[0]: line.strip().split(":")[3] for line in open(root + "/etc/group")}
        assert "tapwatt-operator" in groups and groups["dialout"] == "tapwatt,tapwatt-reader", groups
        assert os.stat(root + "/var/lib/tapwatt").st_mode & 0o777 == 0o700
        assert os.path.isdir(root + "/etc/tapwatt") and os.path.isdir(root + "/run/tapwatt")


def reader_at_a_socket():
    """As tapwatt-reader.socket and .service do it: the connection starts the reader; the next one, the next reader."""
    if shutil.which("systemd-socket-activate") is None:
        raise tap.Skip("needs systemd-socket-activate")
    with Street() as street:
        path = os.path.join(street.dir, "reader.sock")
        log = open(os.path.join(street.dir, "reader.log"), "w")

        def socket_unit():
            if os.path.exists(path):
                os.unlink(path)
            unit = subprocess.Popen(["systemd-socket-activate", "--seqpacket", "-l", path, READER, "--config",
                                     os.path.join(street.dir, "tapwatt.conf")], stdout=log, stderr=log)
            wait_until("the socket", lambda: os.path.exists(path))
            return unit

        reader = socket_unit()
        try:
            street.start(reader=["--reader-socket", path])
            session = street.charge(1, wh=10)
            assert street.stop(1) is None
            street.wait_connector(1, "free")
            street.wait_settled()
            assert street.ledger(session)["captures"] == 1, street.ledger(session)

            reader.kill()
            reader.wait(10)
            wait_until("closed without a reader", lambda: street.counter_state() == "closed", 40)
            reader = socket_unit()
            wait_until("open with the next reader", lambda: street.counter_state() == "welcome", 60)
        finally:
            street.kill(15)
            try:
                reader.wait(10)    # it goes when tapwattd does
            finally:
                reader.kill()
                log.close()
        assert reader.returncode == 0, open(log.name).read()


if __name__ == "__main__":
    tap.run([
        ("the bus policy lets each user do what is his, and nothing else", policy_on_a_real_bus),
        ("the bus policy decides on every method that there is", policy_names_every_method),
        ("the bus policy is well-formed", policy_is_well_formed),
        ("systemd understands the units", units_are_understood),
        ("systemd makes the users and folders", users_and_folders_are_understood),
        ("a reader that systemd starts is as good as one of our own", reader_at_a_socket),
    ])

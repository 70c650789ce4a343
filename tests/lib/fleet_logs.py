# SPDX-License-Identifier: Apache-2.0
"""What others than the signing meter say of a fleet's energy: controllers' logs (the documented CSV) and a back
office's CDRs (OCPI 2.2.1). Some name sessions in a way of their own, as such systems do: their time and EVSE decide."""
import base64
import json

from fleet_money import half_up, utc
from fleet_psp import table
from fleet_truth import Truth

LOG = ["session", "evse", "meter", "begin", "end", "register_begin_wh", "register_end_wh"]
LOGGED, CHARGED = ("FLT-01", "FLT-06"), ("FLT-04", "FLT-09")          # stations that have a log; that have CDRs


def metered(world, stations):
    return sorted((s for s in world.sales if s.station in stations and s.energy_wh is not None),
                  key=lambda s: (s.ended, s.session))


def between(world, station):
    """(EVSE, began, ended, price of 1 kWh) of half an hour in which nobody charges, with sales before and after it."""
    account = dict(world.stations)[station]
    for evse, taken in sorted(world.taken.items()):
        if f"E{station}*" not in evse:
            continue
        taken.sort()
        for (_a, before), (after, _b) in zip(taken, taken[1:]):
            if after - before > 2 * 3600:
                taken.append((before + 1800, before + 3600))
                return evse, before + 1800, before + 3600, account.price_minor
    raise AssertionError(f"{station} is never free")


def unsold(world, station, energy_wh, where=None):
    """Energy that no sale explains, and what must be found of it."""
    evse, began, ended, price_minor = between(world, station)
    session = f"NOBODY-{world.number():04d}"
    world.truth.append(Truth("delivered_not_captured", half_up(energy_wh * price_minor, 1000),
                             dict(world.stations)[station].currency, (session if where is None else evse,)))
    return session, evse, began, ended, energy_wh


def plain(world, stations):
    """Sales of these stations to which nothing else has happened."""
    return [s for s in metered(world, stations) if not s.used and s.energy_wh > 5000]


def plant(world):
    """Before the meters write: what a log, a CDR and a signed record tell of sessions that nobody knows."""
    world.log_wh, world.cdr_wh, world.foreign = {}, {}, []
    log, cdr = plain(world, LOGGED), plain(world, CHARGED)
    for sale, more in ((log[0], 900), (log[1], -1100)):                # 50 Wh or one percent are let pass
        sale.used = "logged"
        world.log_wh[sale.session] = more
        world.truth.append(Truth("energy_mismatch", half_up(abs(more) * sale.energy_price_minor, 1000), sale.currency,
                                 (sale.session,)))
    cdr[0].used = "charged"
    world.cdr_wh[cdr[0].session] = 2500
    world.truth.append(Truth("energy_mismatch", half_up(2500 * cdr[0].energy_price_minor, 1000), cdr[0].currency,
                             (cdr[0].session,)))
    first, second = next((a, b) for a, b in zip(cdr[1:], cdr[2:]) if a.price_minor != b.price_minor)
    first.used = second.used = "reused"
    world.reused = (first, second)
    smaller = min(world.reused, key=lambda s: s.price_minor)
    world.truth.append(Truth("record_reused", smaller.price_minor, smaller.currency, (smaller.session,)))
    world.unlogged = [unsold(world, LOGGED[0], 3400), unsold(world, LOGGED[1], 5100, where="evse")]
    world.uncharged = [unsold(world, CHARGED[0], 7300)]
    world.contract = unsold(world, CHARGED[1], 6200)
    world.truth.pop()                                                 # somebody else is paid for it
    world.unsigned = [unsold(world, "FLT-02", 4200)]


def log_csv(world, rng):
    """A third of the lines have our session, a third the controller's own, and a third none; values are a little off,
    as a controller's are."""
    registers, rows = {}, []

    def add(session, evse, began, ended, energy_wh):
        first = registers.get(evse, 10000)
        registers[evse] = first + energy_wh
        rows.append([session, evse, "", utc(began, "%Y-%m-%dT%H:%M:%SZ"), utc(ended, "%Y-%m-%dT%H:%M:%SZ"), first,
                     registers[evse]])

    for i, sale in enumerate(metered(world, LOGGED)):
        more = world.log_wh.get(sale.session, min(40, sale.energy_wh) * rng.choice((-1, 0, 1)))
        add((sale.session, f"CTRL-{i}", "")[i % 3], sale.evse, sale.started, sale.ended, sale.energy_wh + more)
    add(*world.unlogged[0])
    add("", *world.unlogged[1][1:])
    rng.shuffle(rows)
    return table(LOG, rows, ending="\n")


def cdr(number, session, evse, began, ended, energy_wh, token="AD_HOC_USER", **more):
    return {"country_code": "DE", "party_id": "TWT", "id": f"CDR{number}", "session_id": session,
            "start_date_time": utc(began, "%Y-%m-%dT%H:%M:%SZ"), "end_date_time": utc(ended, "%Y-%m-%dT%H:%M:%S"),
            "cdr_token": {"uid": f"T{number}", "type": token, "contract_id": f"C{number}"},
            "auth_method": "AUTH_REQUEST", "cdr_location": {"id": "L1", "evse_id": evse}, "currency": "EUR",
            "total_energy": energy_wh / 1000, "total_cost": {"excl_vat": 0.0}, **more}


def signed(sale):
    values = [{"nature": "End", "plain_data": "",
               "signed_data": base64.b64encode(record.encode()).decode()} for record in sale.records]
    return {"encoding_method": "OCMF", "signed_values": values}


def cdr_json(world, rng):
    """Half of them by our reference, half by the back office's; one that was credited and written anew; one that
    carries another sale's record."""
    chains = []
    for i, sale in enumerate(metered(world, CHARGED)):
        energy = sale.energy_wh + world.cdr_wh.get(sale.session, 0)
        name = {"authorization_reference": sale.payment_ref} if i % 2 or sale in world.reused else {}
        carried = world.reused[0] if sale in world.reused else sale
        one = cdr(i, f"CPMS-{i}", sale.evse, sale.started, sale.ended, energy, signed_data=signed(carried), **name)
        chains.append([one])
        if i == 3:
            wrong = dict(one, id="CDR-wrong", total_energy=1.5)
            chains[-1] = [wrong, dict(wrong, id="CDR-credit", credit=True, credit_reference_id="CDR-wrong"), one]
    chains.append([cdr(9001, *world.uncharged[0])])
    chains.append([cdr(9002, *world.contract, token="RFID")])
    rng.shuffle(chains)
    return json.dumps([one for chain in chains for one in chain], indent=1)

/* SPDX-License-Identifier: Apache-2.0 */
/* make-sessions DIR N: the sessions CSV of N charging sessions in 400 days, about six a day at a connector, roughly in
 * the order of their starts, as a back office exports them, and ports.csv. Nothing is wrong with any row, so that a
 * database needs no rule of the gate's: no overlaps, no copies, whole seconds. For bench_report.py; shares nothing with
 * payment/.
 */
#include "tests/bench/made.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BEGIN 1749513600        /* 2025-06-10 */
#define SECONDS (400 * 86400)
#define QUARTER (91 * 86400)    /* so long a site keeps its tariff */
#define A_PORT 2500             /* sessions */
#define LEAST_PORTS 19
#define PORTS_OF_5 19           /* five sites have together */

static const char HEADER[] =
  "session_id,site_id,evse_id,connector_id,plug_in,plug_out,time_zone,charge_start,charge_end,energy_kwh,"
  "rated_power_kw,start_means,end_reason,customer_token,currency,price_total,tax_total,captured,refunded,psp_fee,"
  "money_state,tariff_id\n";

typedef struct { unsigned site, port; const char *zone, *currency; } Place;

/* Sites have 4, 2, 8, 4 and 1 connectors; each fifth is in London. */
static Place
place_of (uint64_t port)
{
  static const unsigned char site[PORTS_OF_5] = { 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4 };
  unsigned in = (unsigned) (port % PORTS_OF_5);
  int london = site[in] == 3;

  return (Place) { (unsigned) (port / PORTS_OF_5) * 5 + site[in], (unsigned) port,
                   london ? "Europe/London" : "Europe/Berlin", london ? "GBP" : "EUR" };
}

static void
put_instant (FILE  *file,
             time_t at)
{
  char text[32];
  struct tm tm;

  gmtime_r (&at, &tm);
  strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%SZ,", &tm);
  fputs (text, file);
}

static void
put_money (FILE   *file,
           int64_t minor)
{
  fprintf (file, "%" PRId64 ".%02d,", minor / 100, (int) (minor % 100));
}

/* Few come often, and many once; of one in ten nobody knows who it was. */
static void
put_customer (FILE    *file,
              uint64_t chance,
              uint64_t n)
{
  double u = (double) (chance >> 11) / (double) (1ull << 53);

  if (chance % 10 == 0)
    fputc (',', file);
  else
    fprintf (file, "%016" PRIx64 ",", made_mix (77 + (uint64_t) (u * u * u * (double) (n / 5 + 1))) | 1);
}

static void
put_sale (FILE    *file,
          uint64_t chance,
          unsigned tariff,
          int64_t  wh)
{
  static const char *const states[] = { "captured", "settled", "captured", "banked", "captured", "settled", "banked" };
  int64_t price = (wh * (45 + 7 * (int64_t) tariff) + 500) / 1000;
  int64_t captured = chance / 3 % 100 == 7 ? 0 : price;
  int64_t refunded = chance / 300 % 300 == 7 ? captured / 4 : 0;

  put_money (file, price);
  put_money (file, price * 19 / 119);
  put_money (file, captured);
  put_money (file, refunded);
  put_money (file, captured == 0 ? 0 : 10 + captured * 14 / 1000);
  fprintf (file, "%s,tariff-%u\n", captured == 0 ? "priced" : states[chance / 90000 % 7], tariff);
}

/* Each connector has a slot of its own for each of its sessions. */
static void
write_session (FILE    *file,
               uint64_t i,
               uint64_t n,
               uint64_t n_ports,
               int64_t  slot)
{
  Place place = place_of (i % n_ports);
  uint64_t chance = made_mix (i);
  int64_t length = 240 + (int64_t) (chance % 9000), charged = length - (int64_t) (made_mix (~i) % 3 * (chance % 60));
  int64_t start = BEGIN + (int64_t) (i / n_ports) * slot
                  + (int64_t) (made_mix (i + n) % (uint64_t) (slot - length - 60));
  int64_t wh = charged * (3000 + (int64_t) (made_mix (chance) % 8000)) / 3600;

  fprintf (file, "s%" PRIu64 ",Site %u,DE*TAP*E%05u,1,", i, place.site, place.port);
  put_instant (file, start);
  put_instant (file, start + length);
  fprintf (file, "%s,", place.zone);
  if (chance % 20 == 0)
    fputs (",,", file);
  else
    {
      put_instant (file, start + 20);
      put_instant (file, start + 20 + charged * 9 / 10);
    }
  fprintf (file, "%" PRId64 ".%03d,11,card,driver,", wh / 1000, (int) (wh % 1000));
  put_customer (file, made_mix (chance + 1), n);
  fprintf (file, "%s,", place.currency);
  put_sale (file, made_mix (chance + 2), (place.site + (unsigned) ((start - BEGIN) / QUARTER)) % 3, wh);
}

int
main (int    argc,
      char **argv)
{
  uint64_t n = argc == 3 ? strtoull (argv[2], NULL, 10) : 0;
  uint64_t n_ports = n / A_PORT > LEAST_PORTS ? n / A_PORT : LEAST_PORTS;
  int64_t slot;
  FILE *sessions, *ports;

  if (n < 1000)
    {
      fprintf (stderr, "usage: make-sessions DIR N, with at least 1000\n");
      return 2;
    }
  slot = SECONDS / (int64_t) (n / n_ports + 1);
  sessions = made_begin (argv[1], "sessions.csv", HEADER);
  ports = made_begin (argv[1], "ports.csv", "site_id,evse_id,connector_id,rated_power_kw,time_zone\n");
  for (uint64_t i = 0; i < n; i++)
    write_session (sessions, i, n, n_ports, slot);
  for (uint64_t port = 0; port < n_ports; port++)
    {
      Place place = place_of (port);

      fprintf (ports, "Site %u,DE*TAP*E%05u,1,11,%s\n", place.site, place.port, place.zone);
    }
  return fclose (sessions) == 0 && fclose (ports) == 0 ? 0 : 1;
}

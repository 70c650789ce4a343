/* SPDX-License-Identifier: Apache-2.0 */
/* make-books DIR N: the sales CSV of N sales, an Adyen settlement report and a bank's CSV about them, in an order that
 * helps nobody, with a known share of what goes wrong. For bench_reconcile.py; shares nothing with payment/.
 */
#include "tests/bench/made.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define A_BATCH 2000
#define FIRST_BATCH 10000
#define BEGIN 1772406000        /* 2026-03-02 */
#define SECONDS (25 * 86400)    /* of the sales, together */
#define LATER 4                 /* batches later what was settled twice comes again: of the same currency */

static const char SALES_HEADER[] =
  "session,station,evse,terminal,payment_ref,psp_ref,capture_ref,settlement_ref,refund_ref,trace,slip,approval,tail,"
  "brand,tariff_shown,tariff_priced,unknown_operation,receipt_number,currency,state,billed,tariff_free,test_mode,"
  "price_minor,repriced_minor,shown_minor,held_minor,captured_minor,second_capture_minor,refunded_minor,unknown_minor,"
  "advised_minor,energy_wh,energy_price_minor,energy_part_minor,started,ended,captured,refunded,hold_until,day\n";

static const char ADYEN_HEADER[] =
  "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,"
  "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),"
  "Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number\n";

/* What goes wrong with a sale, by its number. */
typedef enum { WELL, NOT_SETTLED, OVER, UNDER, TWICE, NOT_KNOWN } Fate;

typedef struct
{
  uint64_t n, n_batches;
  int64_t *net;                 /* of each batch */
  FILE    *sales, *lines, *bank;
} Books;

static Fate
fate (uint64_t i)
{
  return i % 1000 >= 1 && i % 1000 <= 5 ? (Fate) (i % 1000) : WELL;
}

static int64_t
price (uint64_t i)
{
  return 500 + (int64_t) (made_mix (i) % 5500);
}

static const char *
currency (uint64_t batch)
{
  return batch % 4 == 3 ? "CHF" : "EUR";
}

typedef enum { INSTANT, LOCAL, DAY } Form;

static void
when (uint64_t i,
      uint64_t n,
      int      later,
      Form     form,
      char     text[32])
{
  time_t at = (time_t) (BEGIN + i * SECONDS / n + (uint64_t) later);
  struct tm tm;

  gmtime_r (&at, &tm);
  if (form == INSTANT)
    strftime (text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
  else if (form == LOCAL)
    strftime (text, 32, "%Y-%m-%d %H:%M:%S", &tm);
  else
    strftime (text, 32, "%Y-%m-%d", &tm);
}

static void
write_sale (const Books *books,
            uint64_t     i)
{
  char started[32], ended[32], hold_until[32], day[32];
  int64_t minor = price (i);

  when (i, books->n, 0, INSTANT, started);
  when (i, books->n, 3600, INSTANT, ended);
  when (i, books->n, 6 * 86400, INSTANT, hold_until);
  when (i, books->n, 3600, DAY, day);
  fprintf (books->sales,
           "S%04d-%09" PRIu64 ",S%04d,DE*TWT*E%04d*1,,TW%010" PRIu64 ",PS%014" PRIX64 ",CP%014" PRIX64 ",,,,,%06d,%04d,"
           "visa,,,,,%s,captured,true,false,false,%" PRId64 ",%" PRId64 ",,%d,%" PRId64 ",,,,,%d,50,%" PRId64
           ",%s,%s,%s,,%s,%s\n",
           (int) (i % 5000), i, (int) (i % 5000), (int) (i % 5000), i, made_mix (i) >> 8, made_mix (~i) >> 8,
           (int) (made_mix (i) % 1000000), (int) (i % 10000), currency (i / A_BATCH), minor, minor, 9000, minor,
           (int) minor * 20, minor, started, ended, ended, hold_until, day);
}

static void
write_line (const Books *books,
            uint64_t     i,
            uint64_t     batch)
{
  int64_t gross = price (i) + (fate (i) == OVER ? 50 : fate (i) == UNDER ? -70 : 0);
  int64_t fee = 10 + (gross * 14 + 500) / 1000, net = gross - fee;
  char created[32];

  when (i, books->n, 7200, LOCAL, created);
  books->net[batch] += net;
  fprintf (books->lines,
           "Tapwatt,TapwattDE,PS%014" PRIX64 ",%s%010" PRIu64 ",visa,%s,UTC,Settled,CP%014" PRIX64 ",%s,,%" PRId64
           ".%02d,1,%s,,%" PRId64 ".%02d,%" PRId64 ".%02d,,,,%" PRIu64 "\n",
           made_mix (i) >> 8, fate (i) == NOT_KNOWN ? "XX" : "TW", i, created, made_mix (~i) >> 8, currency (batch),
           gross / 100,
           (int) (gross % 100), currency (batch), net / 100, (int) (net % 100), fee / 100, (int) (fee % 100),
           batch + FIRST_BATCH);
}

static void
write_credit (const Books *books,
              uint64_t     batch,
              int64_t      minor,
              int          two)
{
  char day[32], text[64];

  when (batch * A_BATCH, books->n, 2 * 86400, DAY, day);
  if (two)
    snprintf (text, sizeof text, "PAYOUT %" PRIu64 " %" PRIu64, batch + FIRST_BATCH, batch + FIRST_BATCH + LATER);
  else
    snprintf (text, sizeof text, "PAYOUT %" PRIu64, batch + FIRST_BATCH);
  fprintf (books->bank, "%s,%s,%s,%" PRId64 ".%02d,%s,%s,Acquirer Payments N.V.,BK%08" PRIu64 "\n",
           batch % 4 == 3 ? "CH9300762011623852957" : "DE02120300000000202051", day, day, minor / 100,
           (int) (minor % 100), currency (batch), text, batch);
}

/* Every fiftieth payout each: not in the bank; 5.00 short; the report's row 12.34 too low; with the next but three. */
static void
write_payouts (const Books *books)
{
  for (uint64_t batch = 0; batch < books->n_batches; batch++)
    {
      int64_t paid = books->net[batch] - (batch % 50 == 11 ? 1234 : 0);
      char at[32];

      if (books->net[batch] == 0)
        continue;
      when (batch * A_BATCH, books->n, 86400, LOCAL, at);
      fprintf (books->lines,
               "Tapwatt,TapwattDE,,,,%s,UTC,MerchantPayout,batch %" PRIu64 ",,,,,%s,%" PRId64 ".%02d,,,,,,%" PRIu64
               "\n", at, batch + FIRST_BATCH, currency (batch), paid / 100, (int) (paid % 100), batch + FIRST_BATCH);
      if (batch % 50 == 20 && batch + LATER < books->n_batches && books->net[batch + LATER] != 0)
        write_credit (books, batch, paid + books->net[batch + LATER], 1);
      else if (batch % 50 != 7 && !(batch % 50 == 24 && batch >= 24))
        write_credit (books, batch, paid - (batch % 50 == 9 ? 500 : 0), 0);
    }
}

static uint64_t
greatest_common_divisor (uint64_t a,
                         uint64_t b)
{
  return b == 0 ? a : greatest_common_divisor (b, a % b);
}

/* One in about 0.618 n after the other: each once, and none beside its neighbour. */
static uint64_t
stride (uint64_t n)
{
  uint64_t step = n * 618 / 1000 + 1;

  while (greatest_common_divisor (step, n) != 1)
    step++;
  return step;
}

int
main (int    argc,
      char **argv)
{
  Books books = { .n = argc == 3 ? strtoull (argv[2], NULL, 10) : 0 };
  uint64_t step, at = 0;

  if (books.n < 2)
    {
      fprintf (stderr, "usage: make-books DIR N\n");
      return 2;
    }
  books.n_batches = books.n / A_BATCH + 1 + LATER;
  books.net = calloc (books.n_batches, sizeof *books.net);
  books.sales = made_begin (argv[1], "sales.csv", SALES_HEADER);
  books.lines = made_begin (argv[1], "settlement.csv", ADYEN_HEADER);
  books.bank = made_begin (argv[1], "bank.csv", "Account,Booked,Value,Amount,Currency,Text,Counterparty,Reference\n");

  step = stride (books.n);
  for (uint64_t done = 0; done < books.n; done++, at = (at + step) % books.n)
    {
      uint64_t other = books.n - 1 - at;   /* the two files do not go the same way */

      if (fate (at) != NOT_KNOWN)
        write_sale (&books, at);
      if (fate (other) != NOT_SETTLED)
        write_line (&books, other, other / A_BATCH);
      if (fate (other) == TWICE)
        write_line (&books, other, other / A_BATCH + LATER);
    }
  write_payouts (&books);

  free (books.net);
  return fclose (books.sales) == 0 && fclose (books.lines) == 0 && fclose (books.bank) == 0 ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One session on one page: the four witnesses side by side, what the books say, what was journalled when, how the price
 * came about. All texts from outside are escaped; there is no script. */
#include "payment/reconcile/evidence/keep.h"
#include "payment/page/page.h"
#include "payment/reconcile/report/outlet.h"

#define MOST_ENTRIES 5000
#define MOST_OF_PAYLOAD 600         /* characters; the whole is in journal.jsonl */

/* A row of a card: left out if nothing is stated. */
static void
fact (GString    *text,
      const char *label,
      const char *value)
{
  if (value != NULL && *value != '\0')
    tw_page_put (text, "<tr><td>%s</td><td>%s</td></tr>\n", label, value);
}

static void
fact_chars (GString    *text,
            const char *label,
            TwChars     chars)
{
  g_autofree char *value = chars.n > 0 ? g_strndup (chars.text, chars.n) : NULL;

  if (value != NULL)
    tw_page_put (text, "<tr><td>%s</td><td><code>%s</code></td></tr>\n", label, value);
}

static void
fact_money (GString    *text,
            const char *label,
            gint64      minor,
            const char *currency)
{
  g_autofree char *money = tw_report_money (minor, currency);

  if (minor != TW_NOT_STATED && *currency != '\0')
    fact (text, label, money);
}

static void
fact_energy (GString    *text,
             gint64      wh)
{
  g_autofree char *energy = g_strdup_printf ("%" G_GINT64_FORMAT " Wh", wh);

  if (wh != TW_NOT_STATED)
    fact (text, "Energy", energy);
}

static void
fact_time (const TwEvidence *self,
           GString          *text,
           const char       *label,
           gint64            us)
{
  g_autofree char *local = tw_report_local (us, self->head->time_zone);

  if (us != TW_NOT_STATED)
    fact (text, label, local);
}

static void
fact_place (const TwEvidence *self,
            GString          *text,
            TwOrigin          origin)
{
  const char *path = tw_report_path (self->head, origin);

  if (path != NULL)
    tw_page_put (text, "<tr><td>Place</td><td><code>%s:%" G_GUINT64_FORMAT "</code></td></tr>\n", path, origin.line);
}

static void
open_card (GString    *text,
           const char *title,
           guint       n,
           const char *nothing)
{
  tw_page_put (text, "<section class=\"card\"><h3>%s</h3>\n", title);
  if (n == 0)
    tw_page_put (text, "<p class=\"soft\">%s</p>\n", nothing);
}

static void
put_journal (const TwEvidence *self,
             GString          *text)
{
  open_card (text, "Journal", self->sales->len, "Nothing from a journal.");
  for (guint i = 0; i < self->sales->len; i++)
    {
      const TwSale *sale = &g_array_index (self->sales, TwSale, i);

      tw_page_put (text, "<table>");
      fact_money (text, "Captured", sale->captured_minor, sale->currency);
      fact_money (text, "Price", sale->price_minor, sale->currency);
      fact_money (text, "Hold", sale->held_minor, sale->currency);
      if (sale->refunded_minor != 0)
        fact_money (text, "Refunded", sale->refunded_minor, sale->currency);
      fact_energy (text, sale->energy_wh);
      fact_chars (text, "Reference", sale->payment_ref);
      fact_chars (text, "Service's", sale->psp_ref);
      fact_chars (text, "Card ends in", sale->tail);
      fact_chars (text, "EVSE", sale->evse);
      fact_time (self, text, "Began", sale->started_us);
      fact_time (self, text, "Ended", sale->ended_us);
      if (sale->test_mode)
        fact (text, "Mode", "test: no real money");
      fact_place (self, text, sale->origin);
      tw_page_put (text, "</table>\n");
    }
  tw_page_put (text, "</section>\n");
}

static void
put_meter (const TwEvidence *self,
           GString          *text)
{
  static const char *const KINDS[] = { "controller's log", "signed record", "charge detail record" };

  open_card (text, "Meter", self->energies->len, "Nothing from a meter.");
  for (guint i = 0; i < self->energies->len; i++)
    {
      const TwEnergy *energy = &g_array_index (self->energies, TwEnergy, i);

      tw_page_put (text, "<table>");
      fact (text, "What", KINDS[energy->kind]);
      fact_energy (text, energy->energy_wh);
      fact_chars (text, "Verdict", energy->verdict);
      fact_chars (text, "Findings", energy->findings);
      fact_chars (text, "Meter", energy->meter);
      fact_chars (text, "Reference", energy->session);
      fact_time (self, text, "Began", energy->begin_us);
      fact_time (self, text, "Ended", energy->end_us);
      fact_place (self, text, energy->origin);
      tw_page_put (text, "</table>\n");
    }
  tw_page_put (text, "</section>\n");
}

static void
put_service (const TwEvidence *self,
             GString          *text)
{
  static const char *const KINDS[TW_N_SETTLED_KINDS] = {
    "sale", "refund", "refund taken back", "chargeback", "chargeback taken back", "fee", "adjustment", "reserve",
    "payout", "sum of several", "other",
  };

  open_card (text, "Payment service", self->lines->len, "Nothing from a payment service.");
  for (guint i = 0; i < self->lines->len; i++)
    {
      const TwSettled *line = &g_array_index (self->lines, TwSettled, i);

      tw_page_put (text, "<table>");
      fact (text, "What", KINDS[line->kind]);
      fact_money (text, "Gross", line->gross, line->currency);
      fact_money (text, "Fee", line->fee, line->net_currency);
      fact_money (text, "Net", line->net, line->net_currency);
      fact_chars (text, "Reference", line->payment_ref);
      fact_chars (text, "Service's", line->psp_ref);
      fact_chars (text, "Payout", line->batch);
      fact_time (self, text, "When", line->occurred_us);
      fact_place (self, text, line->origin);
      tw_page_put (text, "</table>\n");
    }
  tw_page_put (text, "</section>\n");
}

static void
put_bank (const TwEvidence *self,
          GString          *text)
{
  open_card (text, "Bank", self->credits->len, "Nothing from a bank.");
  for (guint i = 0; i < self->credits->len; i++)
    {
      const TwCredit *credit = &g_array_index (self->credits, TwCredit, i);

      tw_page_put (text, "<table>");
      fact (text, "What", "payout, with others' sales");
      fact_money (text, "Amount", credit->amount, credit->currency);
      fact_chars (text, "Reference", credit->end_to_end);
      fact_chars (text, "Bank's trace", credit->bank_trace);
      fact_chars (text, "Text", credit->remittance);
      fact_chars (text, "From", credit->counterparty);
      fact_place (self, text, credit->origin);
      tw_page_put (text, "</table>\n");
    }
  tw_page_put (text, "</section>\n");
}

static void
put_books (const TwEvidence *self,
           GString          *text)
{
  static const char *const LINKS[] = { "priced", "captured", "settled", "paid out", "in the bank" };

  tw_page_put (text, "<h2>What the books say</h2>\n");
  if (self->matched->len + self->exceptions->len == 0)
    tw_page_put (text, "<p class=\"soft\">Nothing: no money was asked for.</p>\n");
  for (guint i = 0; i < self->matched->len; i++)
    {
      const TwMatched *matched = &g_array_index (self->matched, TwMatched, i);

      tw_page_put (text, "<p class=\"verdict closed\">Agreed on, as far as: %s (found by %s)</p>\n",
                   LINKS[matched->link], matched->rule != NULL ? matched->rule : "-");
    }
  for (guint i = 0; i < self->exceptions->len; i++)
    {
      const TwException *exception = &g_array_index (self->exceptions, TwException, i);
      g_autofree char *stake = tw_report_money (exception->stake_minor, exception->currency);
      TwChars detail = exception->detail;
      g_autofree char *more = detail.n > 0 ? g_strndup (detail.text, detail.n) : g_strdup ("");

      tw_page_put (text, "<p><span class=\"tag s%u\">%s</span> <strong>%s</strong> at stake. %s<br>%s %s</p>\n",
                   exception->severity, tw_class_name (exception->class_), stake,
                   tw_report_meaning (self->head, exception->class_),
                   tw_report_advice (self->head, exception->class_), more);
    }
  if (self->n_more > 0)
    tw_page_put (text, "<p class=\"soft\">%" G_GUINT64_FORMAT " more rows are not shown.</p>\n", self->n_more);
}

/* To the millisecond, with what can be said for the clock. */
static void
put_entry (GString       *text,
           const TwEntry *entry,
           GTimeZone     *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (entry->at.wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc == NULL ? NULL : g_date_time_to_timezone (utc, zone);
  g_autofree char *second = local == NULL ? g_strdup ("-") : g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
  gsize n;
  const char *payload = g_bytes_get_data (entry->payload, &n);
  g_autofree char *shown = g_utf8_make_valid (payload, (gssize) n);
  gboolean cut = g_utf8_strlen (shown, -1) > MOST_OF_PAYLOAD;

  if (cut)
    *g_utf8_offset_to_pointer (shown, MOST_OF_PAYLOAD) = '\0';
  tw_page_put (text, "<tr><td class=\"n\">%" G_GUINT64_FORMAT "</td><td class=\"when\">%s.%03d</td><td>%s<br>"
               "<span class=\"soft\">%.3f s</span></td><td><strong>%s</strong></td><td><code>%s%s</code></td></tr>\n",
               entry->seq, second, (int) (ABS (entry->at.wall_us) % G_USEC_PER_SEC / 1000),
               entry->at.synced ? "set by time servers" : "not set by anybody",
               (double) entry->at.boot_us / G_USEC_PER_SEC, entry->kind, shown, cut ? " ..." : "");
}

static void
put_timeline (const TwEvidencePapers *papers,
              GString                *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (papers->time_zone);
  guint n = papers->entries == NULL ? 0 : papers->entries->len;

  if (zone == NULL)
    zone = g_time_zone_new_utc ();
  tw_page_put (text, "<h2>What was written down when</h2>\n");
  if (n == 0)
    {
      tw_page_put (text, "<p class=\"soft\">Nothing: no journal of the session was given%s%s.</p>\n",
                   papers->why_not != NULL ? ": " : "", papers->why_not != NULL ? papers->why_not : "");
      return;
    }
  tw_page_put (text, "<p class=\"soft\">What asks for money was on the disk before it was sent. Local time in %s; the "
               "station's own clock, and below it the seconds since it was switched on, which nobody can set.</p>\n"
               "<div class=\"wide\"><table><tr><th class=\"n\">No.</th><th>Local time</th><th>Clock</th><th>What</th>"
               "<th>As it is in the journal</th></tr>\n", g_time_zone_get_identifier (zone));
  for (guint i = 0; i < MIN (n, MOST_ENTRIES); i++)
    put_entry (text, g_ptr_array_index (papers->entries, i), zone);
  tw_page_put (text, "</table></div>\n");
  if (n > MOST_ENTRIES)
    tw_page_put (text, "<p class=\"soft\">%u more in journal.jsonl.</p>\n", n - MOST_ENTRIES);
}

static void
put_paper (GString    *text,
           const char *title,
           const char *paper,
           const char *why_not)
{
  tw_page_put (text, "<h2>%s</h2>\n", title);
  if (paper != NULL)
    tw_page_put (text, "<pre>%s</pre>\n", paper);
  else
    tw_page_put (text, "<p class=\"soft\">Nothing%s%s.</p>\n", why_not != NULL ? ": " : "",
                 why_not != NULL ? why_not : "");
}

static void
put_records (const TwEvidencePapers *papers,
             GString                *text)
{
  guint n = papers->records == NULL ? 0 : papers->records->len;

  tw_page_put (text, "<h2>What the meter signed</h2>\n");
  if (n == 0)
    tw_page_put (text, "<p class=\"soft\">Nothing from a meter that signs.</p>\n");
  for (guint i = 0; i < n; i++)
    tw_page_put (text, "<pre>%s</pre>\n", (const char *) g_ptr_array_index (papers->records, i));
}

void
tw_evidence_cards (const TwEvidence *self,
                   GString          *text)
{
  tw_page_put (text, "<div class=\"cards\">\n");
  put_journal (self, text);
  put_meter (self, text);
  put_service (self, text);
  put_bank (self, text);
  tw_page_put (text, "</div>\n");
}

void
tw_evidence_page (const TwEvidence       *self,
                  const TwEvidencePapers *papers,
                  GString                *text)
{
  tw_page_put (text, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Session %s</title>\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv="
               "\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<style>\n",
               self->session);
  tw_page_put_resource (text, "report.css");
  tw_page_put (text, "</style></head><body>\n<h1>Session %s</h1><p class=\"soft\">Four witnesses, side by side. Times "
               "in %s.</p>\n", self->session, self->head->time_zone);
  tw_evidence_cards (self, text);
  put_books (self, text);
  put_paper (text, "How the price came about", papers->price, papers->why_not);
  put_paper (text, "The driver's receipt", papers->receipt, papers->why_not);
  put_timeline (papers, text);
  put_records (papers, text);
  put_paper (text, "The tariff, as it was locked", papers->tariff, papers->why_not);
  tw_page_put (text, "</body></html>\n");
}

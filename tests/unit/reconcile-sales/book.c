/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/reconcile-sales/book.h"

#include "app/base/bytes.h"
#include "tests/unit/journal/fixture.h"

#include <stdarg.h>
#include <string.h>

#define TARIFF(id, price) \
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"" id "\",\"currency\":\"EUR\",\"elements\":[{" \
  "\"price_components\":[{\"type\":\"ENERGY\",\"price\":" price ",\"vat\":0,\"step_size\":1}]}]," \
  "\"last_updated\":\"2026-01-01T00:00:00Z\"}"

const char BOOK_TARIFF[] = TARIFF ("T-50", "0.50");
const char BOOK_OTHER_TARIFF[] = TARIFF ("T-40", "0.40");
const char BOOK_FREE_TARIFF[] = TARIFF ("T-0", "0.00");

static const char SELLER[] = "{\"station_id\":\"BERLIN-7\",\"time_zone\":\"Europe/Berlin\"}";

const char *
book_hash (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *hash = tw_sha256_hex (bytes);

  return g_intern_string (hash);
}

static void
keep_blob (Book       *self,
           const char *text)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  g_autoptr (GBytes) blob = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (none, tw_entry_new ((TwInstant) { .wall_us = self->wall_us, .synced = TRUE }, NULL,
                                       "station-started", g_bytes_new ("{}", 2)));
  fixture_commit (self->journal, none, blob, &error);
  g_assert_no_error (error);
}

Book *
book_new (void)
{
  Book *self = g_new0 (Book, 1);

  self->dir = fixture_dir_new ();
  self->journal = fixture_open (self->dir);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_entry_free);
  self->wall_us = G_GINT64_CONSTANT (1795377600) * G_USEC_PER_SEC;   /* date -ud '2026-11-22 20:00' +%s */
  keep_blob (self, BOOK_TARIFF);
  keep_blob (self, BOOK_OTHER_TARIFF);
  keep_blob (self, BOOK_FREE_TARIFF);
  keep_blob (self, SELLER);

  return self;
}

void
book_free (Book *self)
{
  g_clear_pointer (&self->journal, tw_journal_free);
  g_ptr_array_unref (self->entries);
  fixture_dir_remove (self->dir);
  g_free (self);
}

void
book_say (Book       *self,
          const char *session,
          const char *kind,
          const char *format,
          ...)
{
  TwInstant at = { .wall_us = self->wall_us, .boot_us = self->wall_us, .synced = TRUE };
  va_list args;
  char *payload;

  va_start (args, format);
  payload = g_strdelimit (g_strdup_vprintf (format, args), "'", '"');
  va_end (args);
  g_ptr_array_add (self->entries, tw_entry_new (at, session, kind, g_bytes_new_take (payload, strlen (payload))));
  self->wall_us += G_USEC_PER_SEC;
}

void
book_offer (Book       *self,
            const char *session,
            const char *tariff)
{
  book_say (self, session, "offered", "{'connector':1,'evse_id':'DE*TWT*E1','tariff':'%s','seller':'%s',"
            "'currency':'EUR','hold_minor':4000,'language':'de','test_mode':false,'time_zone':'Europe/Berlin'}",
            book_hash (tariff), book_hash (SELLER));
}

/* References are JSON inside of JSON. */
#define REFERENCE(more) \
  "'reference':'{\\\"gateway\\\":\\\"cybersource\\\",\\\"code\\\":\\\"%s\\\",\\\"amount_minor\\\":4000" more "}'"

void
book_hold (Book       *self,
           const char *session)
{
  book_say (self, session, "referenced", "{'operation':'authorize','key':'%s-authorize-1'," REFERENCE ("")
            ",'card':{'kind':'card','masked':'************4242','brand':'visa'}}", session, session);
  book_say (self, session, "approved", "{'end':'approved','held_minor':4000,'approval_code':'831000',"
            REFERENCE (",\\\"id\\\":\\\"H-%s\\\",\\\"life_hours\\\":168") "}", session, session);
}

void
book_read (Book       *self,
           const char *session,
           const char *phase,
           gint64      register_wh)
{
  book_say (self, session, "reading", "{'why':'periodic','phase':'%s','register_wh':%" G_GINT64_FORMAT
            ",'session_ws':-1,'plugged_s':-1,'epoch':0,'wall_us':%" G_GINT64_FORMAT ",'boot_us':%" G_GINT64_FORMAT "}",
            phase, register_wh, self->wall_us, self->wall_us);
}

void
book_bill (Book       *self,
           const char *session,
           const char *tariff,
           gint64      energy_wh,
           gint64      price_minor,
           guint       receipt)
{
  book_say (self, session, "bill", "{'tariff':'%s','energy_wh':%" G_GINT64_FORMAT ",'price_minor':%" G_GINT64_FORMAT
            ",'capture_minor':%" G_GINT64_FORMAT ",'receipt':%u}", book_hash (tariff), energy_wh, price_minor,
            MIN (price_minor, 4000), receipt);
}

void
book_ask (Book       *self,
          const char *session,
          guint       n,
          const char *operation,
          gint64      amount_minor)
{
  book_say (self, session, "request", "{'n':%u,'operation':'%s','key':'%s-%s-%u','amount_minor':%" G_GINT64_FORMAT "}",
            n, operation, session, operation, n, amount_minor);
}

void
book_answer (Book       *self,
             const char *session,
             guint       n,
             const char *operation,
             const char *outcome)
{
  gboolean captured = g_str_equal (operation, "capture") && g_str_equal (outcome, "done");
  g_autofree char *more = captured ? g_strdup_printf ("," REFERENCE (",\\\"id\\\":\\\"H-%s\\\",\\\"capture_id\\\":"
                                                                     "\\\"C-%s-%u\\\",\\\"reconciliation_id\\\":"
                                                                     "\\\"R-%s-%u\\\""),
                                                      session, session, session, n, session, n) : g_strdup ("");

  book_say (self, session, "answer", "{'n':%u,'key':'%s-%s-%u','outcome':'%s'%s}", n, session, operation, n, outcome,
            more);
}

void
book_over (Book       *self,
           const char *session)
{
  book_say (self, session, "bay", "{'event':'answered','from':'settling','to':'free','place':'over','connector':1,"
            "'reason':'stopped'}");
}

void
book_charge (Book       *self,
             const char *session)
{
  book_offer (self, session, BOOK_TARIFF);
  book_hold (self, session);
  book_say (self, session, "bay", "{'event':'armed','from':'free','to':'charging','place':'bay','connector':1}");
  book_read (self, session, "charging", 1000);
  book_read (self, session, "charging", 6000);
  book_read (self, session, "parking", 11000);
  book_bill (self, session, BOOK_TARIFF, 10000, 500, 17);
}

char *
book_close (Book *self)
{
  g_autoptr (GError) error = NULL;

  if (self->entries->len > 0)
    fixture_commit (self->journal, self->entries, NULL, &error);
  g_assert_no_error (error);
  g_ptr_array_set_size (self->entries, 0);
  g_clear_pointer (&self->journal, tw_journal_free);

  return fixture_path (self->dir, "journal.db");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A station's journal that a test writes word by word, and the sales that come out of it. */
#pragma once

#include "payment/journal/journal.h"
#include "payment/reconcile/intake.h"

/* 0.50 EUR a kWh, all in; the same with 0.40; and one that costs nothing. */
extern const char BOOK_TARIFF[], BOOK_OTHER_TARIFF[], BOOK_FREE_TARIFF[];

typedef struct
{
  char      *dir;
  TwJournal *journal;     /* NULL once it is closed */
  GPtrArray *entries;     /* of TwEntry: what the next commit has */
  gint64     wall_us;     /* of the next entry; each is a second later */
} Book;

/* Begins on 2026-11-22 at 20:00:00 UTC; the site is in Europe/Berlin, its station is BERLIN-7. */
Book *book_new (void);
void  book_free (Book *self);

/* One entry; payload: JSON, with ' for ". */
void  book_say (Book *self, const char *session, const char *kind, const char *format, ...) G_GNUC_PRINTF (4, 5);
void  book_offer (Book *self, const char *session, const char *tariff);
/* A hold of 40.00 EUR with the service's id "H-SESSION". */
void  book_hold (Book *self, const char *session);
/* A reading of the meter; the first one is at 1000 Wh, by convention. */
void  book_read (Book *self, const char *session, const char *phase, gint64 register_wh);
void  book_bill (Book *self, const char *session, const char *tariff, gint64 energy_wh, gint64 price_minor,
                 guint receipt);
void  book_ask (Book *self, const char *session, guint n, const char *operation, gint64 amount_minor);
void  book_answer (Book *self, const char *session, guint n, const char *operation, const char *outcome);
void  book_over (Book *self, const char *session);
/* From offer to the bill of 10 kWh for 5.00. */
void  book_charge (Book *self, const char *session);

/* Writes what was said and closes it; the path of the database, free with g_free(). */
char *book_close (Book *self);

/* Of BOOK_TARIFF and its like: the name under which the journal has it. Borrowed, for ever. */
const char *book_hash (const char *tariff);

/* Copies of what a reader hands over, in the order of their sessions. */
typedef struct
{
  GPtrArray    *sales;    /* of TwSale, with texts of their own */
  GStringChunk *texts;
  TwImport      import;
} Till;

Till         *till_new (void);
void          till_free (Till *self);
TwIntake      till_intake (Till *self);
const TwSale *till_find (const Till *self, const char *session);   /* must be there, and once */
gboolean      till_is (TwChars chars, const char *text);
/* All of both are equal but for their origins. */
void          till_assert_equal (const Till *self, const Till *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Book, book_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Till, till_free)

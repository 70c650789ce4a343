/* SPDX-License-Identifier: Apache-2.0 */
/* Rows in short: of a sale and of a line what it takes to bring them together, to see that they are equal, and to
 * count them. Each knows where the whole row is, in the scratch or in its file; only where there is more to tell is it
 * looked up (whole.h).
 */
#pragma once

#include "payment/reconcile/judge.h"
#include "payment/reconcile/passes.h"
#include "payment/reconcile/register.h"
#include "payment/reconcile/scratch.h"

/* plain: nothing is to be told of it if exactly one line of the same amount is its own, or none if nothing was
 * captured. Behind it n_waits bits of the filter, of what the later passes look for; then its texts: our payment
 * reference, and of a plain one, if matches are told, session and psp_ref. There are very many of both, so that each
 * byte counts. */
typedef struct
{
  TwPlace whole;
  guint32 n_payment;
  guint8  n_session, n_psp, n_waits;
  guint8  plain : 1, billed : 1, has_terminal : 1;
  guint32 spot;                    /* station and EVSE, by the engine's register */
  guint32 file, line;              /* its origin */
  char    currency[4];
  gint64  captured, price;
  guint64 receipt;
} TwBriefSale;

/* plain: a sale's line with a gross amount, paid out in the same currency. Behind it our payment reference. */
typedef struct
{
  TwPlace whole;
  guint32 n_payment;
  guint32 payout;                  /* by the engine's register; with its currency */
  guint16 file;
  guint8  kind, plain;
  guint32 line;
  char    currency[4];
  gint64  gross, fee, net, us;     /* us: when it is paid out, else when it was made */
} TwBriefLine;

#define TW_BRIEF_SALE(row) ((const TwBriefSale *) TW_ROW_BODY (row))
#define TW_BRIEF_LINE(row) ((const TwBriefLine *) TW_ROW_BODY (row))

/* A place of the file instead of one of the scratch. */
#define TW_IN_FILE G_MAXUINT32

static inline TwPlace
tw_place_in_file (guint64 at)
{
  return (TwPlace) { TW_IN_FILE, (guint32) at, (guint32) (at >> 32) };
}

static inline guint64
tw_place_at (const TwPlace *place)
{
  return (guint64) place->size << 32 | place->at;
}

/* With the hash and the number of the row in full. */
gboolean tw_brief_write_sale (TwSpoolWriter *writer, const TwBriefSale *brief, const guint32 *waits,
                              const TwRow *whole, const TwSale *sale, GError **error);
gboolean tw_brief_write_line (TwSpoolWriter *writer, const TwBriefLine *brief, const TwRow *whole,
                              const TwSettled *line, GError **error);

/* Behind a row with the natural key's hash: the key again, for 128 bits and a chance that no book of this world will
 * meet. facts: how much the line tells; a file with fewer columns knows less of the same one. What follows is what
 * copies must agree upon where both tell it; batch and payment: hashes, 0 if there is none. */
typedef struct
{
  guint64 again, line;
  guint32 file, facts;
  gint64  gross, fee, net;
  guint64 batch, payment;
  guint32 kind;
  char    currency[4];
} TwNatural;

gboolean tw_natural_write (TwFanWriter *writer, const TwSettled *line, guint32 number, GError **error);

/* What a sale alone shows: room is for the judge. */
gboolean tw_sale_is_plain (const TwJudge *judge, const TwSale *sale, TwVerdict *room);
/* Whether this line is all there is to say about this sale. */
gboolean tw_brief_equal (const TwBriefSale *sale, const TwBriefLine *line, const TwReconcileTerms *terms);

static inline const guint32 *
tw_brief_waits (const TwRow *sale)
{
  return (const guint32 *) (TW_BRIEF_SALE (sale) + 1);
}

static inline TwChars
tw_brief_payment (const TwRow *sale)
{
  return (TwChars) { (const char *) (tw_brief_waits (sale) + TW_BRIEF_SALE (sale)->n_waits),
                     TW_BRIEF_SALE (sale)->n_payment };
}

static inline TwChars
tw_brief_line_payment (const TwRow *line)
{
  return (TwChars) { (const char *) (TW_BRIEF_LINE (line) + 1), TW_BRIEF_LINE (line)->n_payment };
}

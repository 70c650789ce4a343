/* SPDX-License-Identifier: Apache-2.0 */
/* One sale, as the station's journal tells it. A value; its texts are borrowed for the time of a call: who keeps one,
 * copies it. Amounts are minor units of its currency, instants are microseconds since 1970 in UTC. Pure. Any thread.
 */
#pragma once

#include <glib.h>

/* UTF-8, not NUL-terminated, trimmed; n 0: not stated. */
typedef struct { const char *text; guint32 n; } TwChars;

#define TW_NOT_STATED G_MININT64       /* an amount, an energy or an instant that a witness does not tell: never 0 */

/* Where a row stands, for people: index of the file among those of this run, line (CSV) or entry (XML) from 1. at: the
 * byte by which its reader finds it again (readers.h, TwAgain); 0: it cannot. */
typedef struct { guint32 file; guint64 line, at; } TwOrigin;

/* What became of the sale's hold, as the journal knows. */
typedef enum
{
  TW_SALE_NO_HOLD,       /* none was got, or none was needed */
  TW_SALE_HELD,          /* it lives: neither capture nor release is confirmed */
  TW_SALE_RELEASED,
  TW_SALE_CAPTURED,
  TW_SALE_REFUSED,       /* the capture got a definite no */
  TW_SALE_UNKNOWN,       /* a capture, release or refund was sent, and nobody knows */
  TW_SALE_OPEN,          /* the session is not over */
} TwSaleState;

typedef struct
{
  TwOrigin    origin;
  TwChars     session, station, evse, terminal;
  TwChars     payment_ref;      /* pass 1: what we sent as the merchant's reference */
  TwChars     psp_ref;          /* pass 2: of the hold, or of a sale in one step */
  TwChars     capture_ref;      /* pass 2: of the capture */
  TwChars     settlement_ref;   /* pass 2: what the service calls it towards the acquirer (reconciliationId) */
  TwChars     refund_ref;
  TwChars     trace, slip;      /* pass 3: the terminal's trace and receipt number, with terminal and local day */
  TwChars     approval, tail;   /* pass 4: approval code, last digits of the card */
  TwChars     brand;
  TwChars     tariff_shown, tariff_priced;   /* hashes: at the tap, and at the bill */
  TwChars     unknown_operation;             /* UNKNOWN: "capture", "release", "refund" */
  guint64     receipt_number;   /* 0: none */
  char        currency[4];
  TwSaleState state;
  gboolean    billed, tariff_free, test_mode;
  gint64      price_minor;      /* as billed, before it was cut down to the hold */
  gint64      repriced_minor;   /* priced again from the readings with the locked tariff */
  gint64      shown_minor;      /* the same with the tariff that was shown, if that is another one */
  gint64      held_minor, captured_minor;
  gint64      second_capture_minor;          /* a further confirmed capture of the same sale */
  gint64      refunded_minor;   /* refunds that we asked for and that were not refused */
  gint64      unknown_minor;    /* UNKNOWN: the amount of that request */
  gint64      advised_minor;    /* what an advice or NotifySettlement said; TW_NOT_STATED: none was sent */
  gint64      energy_wh;        /* billed */
  gint64      energy_price_minor;            /* of 1 kWh incl. tax; the last one in force */
  gint64      energy_part_minor;             /* what of the price is for energy */
  gint64      started_us, ended_us, captured_us, refunded_us;
  gint64      hold_until_us;    /* the end of the hold's life; TW_NOT_STATED: not known */
  gint32      day;              /* of the capture, else of the end, in the site's local time: days since 1970 */
} TwSale;

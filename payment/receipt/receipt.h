/* SPDX-License-Identifier: Apache-2.0 */
/* What a session was, for the person who paid for it or tried to, and for the books; rendered as text and as JSON.
 * Not here: where the values come from. The caller fills them in, in any order; strings are g_malloc()ed and freed
 * with the receipt. Amounts are minor units of currency. One thread at a time.
 */
#pragma once

#include "payment/offer/offer.h"
#include "payment/receipt/item.h"
#include "payment/tariff/tariff.h"

#define TW_RECEIPT_QR_BYTES 287 /* of the compact text: QR version 12, level M (ISO/IEC 18004, table 7) */
#define TW_RECEIPT_COLUMNS 42   /* of the text; font A of an 80 mm printer */

typedef enum
{
  TW_PAYMENT_NONE,       /* no money was reserved: declined, cancelled, never asked */
  TW_PAYMENT_UNKNOWN,    /* asked for hold_minor, not answered; being undone until that is proven */
  TW_PAYMENT_PENDING,    /* captured_minor will be taken out of the hold; not confirmed yet */
  TW_PAYMENT_CAPTURED,
  TW_PAYMENT_RELEASED,   /* nothing was taken; the whole hold goes back, see release */
  TW_PAYMENT_FAILED,     /* the capture was refused for good */
} TwPaymentStatus;

/* What became of the part of the hold that was not captured. REFUSED: it stays until it runs out at the bank. */
typedef enum { TW_RELEASE_NONE, TW_RELEASE_PENDING, TW_RELEASE_DONE, TW_RELEASE_REFUSED } TwReleaseStatus;

typedef struct
{
  char    *seller_name, *seller_address, *seller_vat_id, *helpline;   /* vat_id: needed where there is tax */
  char    *station_id, *station_name, *station_address, *evse_id, *connector;
  char    *time_zone;                          /* IANA name, for local times */
  char    *number;                             /* NULL: none yet, or nothing was paid */
  char    *session;
  char    *reason;                             /* why it ended: a code of words.c; others are printed as they are */
  gint64   begin_wall_us, end_wall_us;         /* UTC; 0: charging never began */
  gint64   energy_wh;
  gint64   meter_begin_wh, meter_end_wh;       /* registers; -1: not known, allowed without energy only */
  gint64   max_power_w;                        /* 0: not known */
  char    *current_type;                       /* "AC", "DC"; NULL: not known */
  char    *tariff_id, *tariff_hash;            /* needed as soon as there are items */
  char     currency[4];
  GArray  *items, *taxes;                      /* of TwReceiptItem, TwReceiptTax */
  gboolean net_known;                          /* FALSE: tax is in the price at a rate that nobody stated */
  gint64   grace_ms;                           /* plugged in for free, where that has a price */
  gint64   net_minor, gross_minor;             /* what is due */
  gint64   unreduced_minor;                    /* gross_minor before an offer's reduction */
  guint    discount_bp;                        /* of unreduced_minor; 0: there is no reduction */
  TwOfferCondition granted_for;                /* what the reduction is for */
  TwPaymentStatus status;
  TwReleaseStatus release;
  gint64   hold_minor, captured_minor, released_wall_us;
  gint64   refunded_minor;                     /* of captured_minor, given back later; what is due stays as it was */
  char    *brand, *masked;                     /* "visa"; "************1111": only the last four may be digits */
  char    *aid, *approval_code, *reference;    /* hex; of the acquirer; of the transaction. NULL: none */
  gboolean test_mode;                          /* no real money */
  GPtrArray *findings;                         /* codes of words.c, such as "capped-at-hold" */
} TwReceipt;

TwReceipt *tw_receipt_new (const char *currency);   /* one that we know, asserted */
void       tw_receipt_free (TwReceipt *self);

void       tw_receipt_add_finding (TwReceipt *self, const char *code);
/* Fills items, taxes, net_known, discount_bp and the three amounts; what was there goes. */
void       tw_receipt_set_bill (TwReceipt *self, const TwBill *bill);

/* All: BAD_DATA if a mandatory field is missing (its name is in the message), if items, taxes and totals do not
 * add up, if an item is not quantity x price, or if masked shows more than four digits.
 * UTF-8, lines of at most TW_RECEIPT_COLUMNS columns that end in \n; no control characters. language: "en", "de",
 * "de-AT", "de_CH.UTF-8" ...; others get English. */
char      *tw_receipt_to_text (const TwReceipt *self, const char *language, GError **error);
/* For the code on the screen: the same, in a few lines and at most TW_RECEIPT_QR_BYTES. What does not go in is left out
 * in the order of payment/receipt/README.md; BAD_DATA too if even the rest is too long. */
char      *tw_receipt_to_qr (const TwReceipt *self, const char *language, GError **error);
/* One object, described in payment/receipt/README.md: codes and values, no language. */
GBytes    *tw_receipt_to_json (const TwReceipt *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwReceipt, tw_receipt_free)

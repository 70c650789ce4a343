/* SPDX-License-Identifier: Apache-2.0 */
/* tapwatt.conf: one key file (GKeyFile syntax) and its drop-ins FILE.d/NAME.conf in name order, read once at start.
 * The last file that says a key wins. Unknown groups, unknown keys, keys said twice in one file and bad values are
 * refused with file, line, key and the accepted values. Every key is documented in assets/tapwatt.conf.sample,
 * which a test loads. Relative paths are relative to the file that says them; here they are absolute. Optional texts
 * that nobody said are NULL. Files that the configuration names are not opened. Any thread, read-only after loading.
 */
#pragma once

#include <glib.h>

#define TW_MAX_CONNECTORS 8

typedef struct
{
  guint   number;             /* 1.. : [connector N] */
  char   *evse_id;            /* eMI3, e.g. DE*TWT*E0001*1 */
  char   *label;              /* what the pedestal shows: "1", "left"; default: its number */
  char   *power;              /* driver:address, e.g. rapi:/dev/ttyS1 */
  char   *meter;              /* driver:address, or "power": the same device */
  char   *tariff;             /* path of the OCPI tariff file */
  gint64  hold_minor;         /* what a tap asks for, in the station's currency; above 0 */
  gint64  hold_most_minor;    /* for who chooses how much to charge; 0: as much as hold_minor */
  guint   max_current_a;      /* 6..80 */
  guint   phases;             /* 1 or 3 */
  guint   voltage_v;          /* 100..300, nominal between phase and neutral */
} TwConnectorConfig;

typedef struct
{
  /* [station] */
  char *station_id, *name, *address, *country /* alpha-2 */, *time_zone, *currency, *language;
  gboolean auto_accept;       /* an offer arms the reader at once (default) */
  gboolean trust_clock;       /* clock = kernel | trusted */
  char *tariff_profile;       /* whose rules a tariff must keep to be activated: "none", "nevi" ... */
  /* [seller] */
  char *seller_name, *seller_address, *seller_vat_id, *helpline;
  /* [journal] */
  char *journal_dir;  guint journal_reserve_kib;
  /* [reader] absent: no card acceptor, device NULL */
  char *reader_device;        /* pn532:/dev/ttyS2 */
  gboolean bank_cards_test;   /* bank_cards = off | test */
  char *fingerprint_key;      /* path; 32 bytes hex per line: "epoch hex", newest first, at most two */
  /* [emv] and [gateway]: both present when bank_cards_test; absent: NULL and 0 */
  guint terminal_type;  char *terminal_id, *merchant_name;  guint merchant_category;
  gint64 contactless_limit_minor, cvm_limit_minor;
  char *gateway_kind;         /* "cybersource" */
  char *gateway_host, *gateway_connect_to, *gateway_ca_file, *merchant_id, *key_id, *shared_secret_file;
  char *mle_certificate, *response_key, *response_key_id, *solution_id, *comments; /* response_*: both or none */
  guint authorize_timeout_s, follow_up_timeout_s;
  gint64 late_ms;             /* how long "nothing to reverse" is not believed */
  /* [deadlines], milliseconds here, seconds with up to three decimals in the file */
  gint64 offer_ms, asking_ms, authorizing_ms, outcome_ms, armed_ms, charging_ms, paused_ms, finishing_ms, settling_ms;
  gint64 receipt_ms;                              /* how long a receipt is shown at its connector */
  gint64 visit_ms;                                /* without a touch: a visit is over; 0: none is told */
  gint64 retry_first_ms, retry_most_ms;           /* of unanswered money operations: growing between these, for ever */
  /* [readings] */
  gint64 reading_ms, reading_wh, idle_ms, idle_grace_ms;                  /* journalled every 60 s or 250 Wh */
  /* [kiosk] */
  guint kiosk_diagonal_tenths;   /* of the screen, in tenths of an inch: 30..1000 */
  gboolean kiosk_large_text, kiosk_fullscreen;
  char *kiosk_theme;          /* "auto", "light", "dark" */
  char *kiosk_reader;         /* where it is, from the screen: "below", "above", "left", "right" */
  /* [metrics] */
  char *metrics_listen;       /* 127.0.0.1:9464, [::1]:9464; port 0: any free one; NULL: nothing listens */
  gboolean metrics_beyond_loopback;
  /* [connector N] */
  TwConnectorConfig *connectors; guint n_connectors;
  char *digest;
} TwConfig;

/* TW_ERROR_BAD_DATA: "/etc/tapwatt.conf:12: [reader] bank_cards = yes: accepted are off, test". TW_ERROR_GONE: a file
 * cannot be read. */
TwConfig *tw_config_load (const char *path, GError **error);
void      tw_config_free (TwConfig *self);
/* SHA-256 over all files read, in their order, hex: cat FILE FILE.d/(star).conf | sha256sum. For the journal. */
const char *tw_config_digest (const TwConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwConfig, tw_config_free)

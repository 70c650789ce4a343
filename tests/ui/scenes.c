/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/scenes.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC
#define MINUTE (60 * (gint64) SECOND)

/* What stands in a bay: a name for the table below, the panel that has to come, and the values. */
typedef struct
{
  const char *name, *panel, *state, *car, *fault;
  gint64      energy_wh, charging_ms, parking_ms, price_minor, power_w;
  gint64      deadline_s;
  TwBusNextPrice next, idle;                  /* at_boot_us: from now on */
  const TwBusPrice *now;
  TwBusGoal   goal;
} BayKind;

static const TwBusPrice UNTIL_TEN = { "energy", "0.41", "0.49", "19", 1, .now = TRUE, .until = "22:00" };
static const TwBusPrice FROM_20_KWH = { "energy", "0.50", "0.59", "19", 1, .now = TRUE, .min_wh = 20000 };
static const TwBusPrice STANDING = { "parking-time", "5.04", "6.00", "19", 60, .now = TRUE };

static const BayKind BAY_KINDS[] = {
  { "free", "free", "free", "none", "" },
  { "free-with-car", "free", "free", "connected", "" },
  { "plug-in", "plug-in", "armed", "none", "", .deadline_s = 150 },
  { "plug-in-last-seconds", "plug-in", "armed", "none", "", .deadline_s = 9 },
  { "charging", "charging", "charging", "drawing", "", 12345, 2520000, 0, 605, 10970,
    .next = { "energy", "0.39", .at_boot_us = 75 * MINUTE, .at = "22:00" }, .now = &UNTIL_TEN,
    .idle = { "parking-time", "6.00", .after_charging = TRUE, .grace_ms = 300000 } },
  { "charging-begun", "charging", "charging", "drawing", "", 0, 3000, 0, 0, 0 },
  { "charging-long", "charging", "charging", "drawing", "", 98765, 9 * 3600000LL, 0, 4839, 3680,
    .next = { "parking-time", "6.00", .after_charging = TRUE }, .now = &FROM_20_KWH,
    .idle = { "parking-time", "6.00", .after_charging = TRUE } },
  { "charging-by-energy", "charging", "charging", "drawing", "", 4000, 1200000, 0, 196, 7400,
    .next = { "energy", "0.59", .at_wh = 20000 } },
  { "charging-to-energy", "charging", "charging", "drawing", "", 12345, 2520000, 0, 605, 10970,
    .next = { "parking-time", "6.00", .after_charging = TRUE }, .goal = { "energy", 20000 } },
  { "charging-to-time", "charging", "charging", "drawing", "", 12345, 2520000, 0, 605, 10970,
    .goal = { "time", 90 * 60000 } },
  { "paused", "paused", "paused", "connected", "", 20450, 3935000, 2404000, 1403, 0,
    .next = { "parking-time", "6.00", .after_charging = TRUE } },
  { "standing", "paused", "paused", "connected", "", 20450, 3935000, 2404000, 1403, 0, .now = &STANDING },
  { "grace", "paused", "paused", "connected", "", 20450, 3935000, 0, 1002, 0,
    .idle = { "parking-time", "6.00", .after_charging = TRUE, .at_boot_us = 3 * MINUTE, .at = "14:35" } },
  { "finishing", "finishing", "finishing", "connected", "", 20450, 3935000, 0, 1002, 0 },
  { "settling", "finishing", "settling", "connected", "", 20450, 3935000, 0, 1002, 0 },
  { "receipt", "receipt", "free", "none", "" },
  { "fault", "fault", "fault", "unknown", "gfci" },
  { "fault-hot", "fault", "fault", "connected", "over-temperature" },
  { "fault-controller", "fault", "fault", "unknown", "controller-lost" },
  { "fault-unknown", "fault", "fault", "unknown", "flux-capacitor-empty" },
  { "huge", "charging", "charging", "drawing", "", 1234567890, 99 * 3600000LL, 0, G_GINT64_CONSTANT (99999999999),
    999999, .next = { "energy", "12345.6789", .at_wh = 9999999999 } },
  { "unheard-of", "fault", "levitating", "flying", "" },
};

/* bays: kinds, separated by spaces. about: the connector that the counter serves. */
typedef struct
{
  const char *name, *screen, *bays, *state, *prompt, *outcome, *why;
  TwBusGoal   goal;
  guint       about;
  gint64      deadline_s;
  enum { PLAIN = 0, NASTY = 1, ABSENT = 2, TWO_LANGUAGES = 4, LONG_NAMES = 8, HUGE_PRICES = 16, MANY_PRICES = 32,
         ODD_PRICES = 64, LABELS_20 = 128, MANY_BAYS = 256, FREE_AT_FIRST = 512,
         CONDITIONS = 1024, STEPS = 2048, BONUS = 4096 } flags;
} Row;

#define HOME(name, bays) { name, "home", bays, "welcome" }
#define PRESENT(prompt_) { "present-" prompt_, "present", "free free", "asking", .prompt = prompt_, .about = 1, \
                           .deadline_s = 42 }
#define OUTCOME(outcome_) { "outcome-" outcome_, "outcome", "free charging", "outcome", .outcome = outcome_, \
                            .about = 1, .deadline_s = 8 }
#define CLOSED(why_) { "closed-" why_, "closed", "free charging", "closed", .why = why_ }
#define BANNER(prompt_) { "home-" prompt_, "home", "free charging", "welcome", .prompt = prompt_, .deadline_s = 8 }

static const Row ROWS[] = {
  HOME ("home", "free free"),
  HOME ("home-one", "free"),
  HOME ("home-car-waits", "free-with-car free"),
  HOME ("plug-in", "plug-in free"),
  HOME ("plug-in-last-seconds", "plug-in-last-seconds free"),
  HOME ("charging", "charging free"),
  HOME ("charging-begun", "charging-begun free"),
  HOME ("charging-two", "charging charging-long"),
  HOME ("charging-by-energy", "charging-by-energy paused"),
  HOME ("charging-to-a-goal", "charging-to-energy charging-to-time"),
  HOME ("paused", "paused free"),
  HOME ("grace", "grace standing"),
  HOME ("finishing", "finishing free"),
  HOME ("settling", "settling charging"),
  HOME ("receipt", "receipt free"),
  HOME ("receipt-two", "receipt receipt"),
  HOME ("fault", "fault free"),
  HOME ("fault-controller", "fault-controller charging"),
  HOME ("fault-hot", "charging fault-hot"),
  { "two-languages", "home", "charging receipt", "welcome", .flags = TWO_LANGUAGES },
  BANNER ("stopped-by-card"),
  BANNER ("not-accepted"),
  BANNER ("not-known-here"),
  BANNER ("choose-connector"),
  BANNER ("card-in-use"),
  BANNER ("closed"),
  { "offer", "offer", "free free", "offer", .about = 1, .deadline_s = 55 },
  { "offer-beside-charging", "offer", "free charging", "offer", .about = 1, .deadline_s = 55 },
  { "offer-many-prices", "offer", "free charging", "offer", .about = 1, .deadline_s = 55, .flags = MANY_PRICES },
  { "offer-goal", "offer", "free free", "offer", .about = 1, .deadline_s = 55, .goal = { "energy", 20000 } },
  { "present-goal", "present", "free free", "asking", .prompt = "present-card", .about = 1, .deadline_s = 42,
    .goal = { "time", 120 * 60000 } },
  { "offer-free-at-first", "offer", "free charging", "offer", .about = 1, .deadline_s = 55, .flags = FREE_AT_FIRST },
  { "offer-all-conditions", "offer", "free charging", "offer", .about = 1, .deadline_s = 55, .flags = CONDITIONS },
  { "offer-steps", "offer", "free charging", "offer", .about = 1, .deadline_s = 55, .flags = STEPS },
  { "home-all-conditions", "home", "free charging", "welcome", .flags = CONDITIONS },
  { "home-free-at-first", "home", "free free", "welcome", .flags = FREE_AT_FIRST },
  PRESENT ("present-card"),
  PRESENT ("hold-still"),
  PRESENT ("see-phone"),
  PRESENT ("one-card-only"),
  PRESENT ("try-again"),
  PRESENT ("other-card"),
  PRESENT ("removed"),
  { "present-beside-charging", "present", "free charging", "asking", .prompt = "present-card", .about = 1,
    .deadline_s = 42 },
  { "authorizing", "authorizing", "free charging", "authorizing", .about = 1, .deadline_s = 20 },
  { "offer-to-regulars", "offer", "free charging", "offer", .about = 1, .deadline_s = 55, .flags = BONUS },
  { "present-to-regulars", "present", "free charging", "asking", .prompt = "present-card", .about = 1,
    .deadline_s = 42, .flags = BONUS },
  { "authorizing-a-regular", "authorizing", "free charging", "authorizing", .about = 1, .deadline_s = 20,
    .flags = BONUS },
  { "outcome-a-regular", "outcome", "free charging", "outcome", .outcome = "approved", .about = 1, .deadline_s = 8,
    .flags = BONUS },
  { "charging-regulars", "home", "charging charging-long", "welcome", .flags = BONUS },
  OUTCOME ("approved"),
  OUTCOME ("declined"),
  OUTCOME ("other-card"),
  OUTCOME ("not-accepted"),
  OUTCOME ("not-known-here"),
  OUTCOME ("see-phone"),
  OUTCOME ("timeout"),
  OUTCOME ("cancelled"),
  OUTCOME ("no-answer"),
  OUTCOME ("reader-lost"),
  OUTCOME ("gateway-unreachable"),
  CLOSED ("reader-lost"),
  CLOSED ("reader-starting"),
  CLOSED ("no-acceptor"),
  CLOSED ("bank-cards-off"),
  CLOSED ("gateway-not-configured"),
  CLOSED ("gateway-certificate-expired"),
  CLOSED ("journal-stuck"),
  CLOSED ("storage-full"),
  CLOSED ("closing"),
  { "lost", "lost", "", "", .flags = ABSENT },
  { "eight", "home", "free charging plug-in paused receipt fault finishing free-with-car", "welcome",
    .flags = MANY_BAYS },
  { "eight-offer", "offer", "free charging plug-in paused charging fault finishing charging", "offer", .about = 1,
    .deadline_s = 55, .flags = MANY_BAYS },
  { "three", "home", "charging free receipt", "welcome" },
  { "labels", "home", "free charging", "welcome", .flags = LABELS_20 },
  { "labels-offer", "offer", "free charging", "offer", .about = 1, .deadline_s = 55, .flags = LABELS_20 },
  { "nasty-names", "home", "free charging", "welcome", .flags = NASTY | LONG_NAMES },
  { "nasty-names-offer", "offer", "free charging", "offer", .about = 1, .deadline_s = 55,
    .flags = NASTY | LONG_NAMES | MANY_PRICES },
  { "nasty-amounts", "home", "huge free", "welcome", .flags = NASTY | HUGE_PRICES },
  { "nasty-amounts-present", "present", "free huge", "asking", .prompt = "present-card", .about = 1,
    .deadline_s = 99999, .flags = NASTY | HUGE_PRICES },
  { "nasty-codes", "home", "unheard-of fault-unknown", "welcome", .prompt = "dance-with-me", .flags = NASTY },
  { "nasty-prompt", "present", "free free", "asking", .prompt = "sing-a-song", .about = 1, .deadline_s = 42,
    .flags = NASTY },
  { "nasty-outcome", "outcome", "free free", "outcome", .outcome = "eaten-by-a-bear", .about = 1, .flags = NASTY },
  { "nasty-why", "closed", "free charging", "closed", .why = "moon-in-the-seventh-house", .flags = NASTY },
  { "nasty-state", "lost", "free free", "hovering", .flags = NASTY },
  { "nasty-nothing", "home", "", "welcome", .flags = NASTY },
  { "nasty-offer-of-nothing", "offer", "free free", "offer", .about = 7, .flags = NASTY | ODD_PRICES },
};

static const TwBusOffer OFFERS[] = {
  { "in-force", "third-of-month", "bf96", { 3, 0, 1250 }, 0, 0 }, { "in-force", "back", "bf96", { 0, 30, 2000 }, 0, 0 },
};

static const TwBusPrice PRICES[] = { { "energy", "0.4118", "0.49", "19", 1 },
                                     { "parking-time", "5.04", "6.00", "19", 60 } };
static const TwBusPrice MANY[] = { { "energy", "0.4118", "0.49", "19", 1 }, { "time", "1.00", "1.19", "19", 60 },
                                   { "flat", "0.84", "1.00", "19", 1 }, { "parking-time", "5.04", "6.00", "19", 60 } };
/* What the time costs that was free at first, and nothing else: still no word of "free of charge". */
static const TwBusPrice AT_FIRST[] = { { "time", "0", "0", "", 0, .now = TRUE, .max_ms = 1800000 } };
static const TwBusPrice THEN[] = { { "time", "50.42", "60.00", "19", 60, .min_ms = 1800000 } };
/* What a tariff can say at its worst. */
static const TwBusPrice CONDITIONAL[] = { { "energy", "0.4118", "0.49", "19", 1000, .now = TRUE, .rest = TRUE },
                                          { "parking-time", "0", "0", "", 0, .now = TRUE, .max_ms = 14400000 } };
static const TwBusPrice CONDITIONS_LATER[] = {
  { "energy", "0.5462", "0.65", "19", 1000, .until = "22:00", .min_wh = 20000 },
  { "energy", "0.3277", "0.39", "19", 1, .from = "22:00", .until = "06:00", .max_ms = 5400000, .max_w = 11000 },
  { "energy", "0.7479", "0.89", "19", 1, .unknown = TRUE },
  { "time", "5.04", "6.00", "19", 900, .min_ms = 5400000 },
  { "parking-time", "10.08", "12.00", "19", 60, .min_ms = 14400000 },
};
static const TwBusPrice STEPPED[] = { { "energy", "0.3277", "0.39", "19", 5000, .now = TRUE },
                                      { "parking-time", "5.04", "6.00", "19", 3600, .now = TRUE } };
static const TwBusPrice HUGE[] = { { "energy", "103740.2773", "123450.93", "19", 1 },
                                   { "parking-time", "83193.27", "99000.00", "19", 60 } };
static const TwBusPrice ODD[] = { { "starlight", "what", "", "", 0 }, { "energy", "-1", "-1.19", "a lot", -5 } };

static const TwBusGoal GOALS[] = {
  { "amount", 1000, 1000 }, { "amount", 2000, 2000 }, { "amount", 5000, 5000 }, { "energy", 15000, 744 },
  { "energy", 50000, 2459 }, { "energy", 100000, 4909 }, { "time", 45 * 60000, 827 }, { "time", 120 * 60000, 2173 },
  { "time", 240 * 60000, 4335 },
};

#define LONG_LABEL "Stellplatz links neben der Behindertenparkbucht an der Kirchhofsmauer (Typ 2, 22 kW)"
#define LONG_NAME "Parkhaus Donaudampfschifffahrtsgesellschaftsplatz, Untergeschoss 2, Einfahrt Lindenallee"

static const char *const LABELS[] = { "1", "2", "3", "4", "5", "6", "7", "8" };
static const char *const SESSIONS[] = { "20261122-101530-1-7f3a91", "20261122-101531-2-7f3a92",
                                        "20261122-101532-3-7f3a93", "20261122-101533-4-7f3a94",
                                        "20261122-101534-5-7f3a95", "20261122-101535-6-7f3a96",
                                        "20261122-101536-7-7f3a97", "20261122-101537-8-7f3a98" };

static const BayKind *
bay_kind (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (BAY_KINDS); i++)
    if (g_str_equal (BAY_KINDS[i].name, name))
      return &BAY_KINDS[i];
  g_error ("no bay is called %s", name);
}

static void
set_both (TwBusConnector   *bay,
          const TwBusPrice *prices,
          guint             n_prices,
          const TwBusPrice *later,
          guint             n_later)
{
  bay->prices = prices;
  bay->n_prices = n_prices;
  bay->later_prices = later;
  bay->n_later_prices = n_later;
}

static void
set_prices (TwBusConnector *bay,
            guint           flags)
{
  bay->prices = flags & HUGE_PRICES ? HUGE : flags & MANY_PRICES ? MANY : flags & ODD_PRICES ? ODD : PRICES;
  bay->n_prices = flags & MANY_PRICES ? G_N_ELEMENTS (MANY) : 2;
  if (flags & FREE_AT_FIRST)
    set_both (bay, AT_FIRST, G_N_ELEMENTS (AT_FIRST), THEN, G_N_ELEMENTS (THEN));
  if (flags & CONDITIONS)
    set_both (bay, CONDITIONAL, G_N_ELEMENTS (CONDITIONAL), CONDITIONS_LATER, G_N_ELEMENTS (CONDITIONS_LATER));
  if (flags & STEPS)
    set_both (bay, STEPPED, G_N_ELEMENTS (STEPPED), NULL, 0);
  bay->min_price = flags & MANY_PRICES ? "2.00" : "";
  bay->max_price = flags & MANY_PRICES ? "60.00" : "";
  bay->offer_hold_minor = flags & HUGE_PRICES ? G_GINT64_CONSTANT (9999999900) : 5000;
  bay->example_wh = flags & ODD_PRICES ? 0 : 20000;
  bay->example_ms = flags & ODD_PRICES ? 0 : 7200000;
  bay->example_minor = flags & ODD_PRICES ? 0 : flags & HUGE_PRICES ? G_GINT64_CONSTANT (246901860) : 980;
}

static const char *
label_of (const Row *row,
          guint      i)
{
  if (row->flags & LONG_NAMES)
    return LONG_LABEL;

  return row->flags & LABELS_20 ? "Behindertenparkplatz" : LABELS[i];   /* 20 letters: as many as may be */
}

static void
set_bay (TwScene       *scene,
         guint          i,
         const BayKind *kind,
         const Row     *row,
         const char    *language,
         gint64         now_us)
{
  gboolean runs = !g_str_equal (kind->state, "free") && !g_str_equal (kind->state, "fault");
  gboolean receipt = g_str_equal (kind->panel, "receipt");
  TwBusConnector *bay = &scene->bays[i];

  *bay = (TwBusConnector) {
    .number = i + 1, .evse_id = "DE*TWT*E0001*1", .label = label_of (row, i),
    .state = kind->state, .car = kind->car, .fault = kind->fault, .session = runs ? SESSIONS[i] : "",
    .last_session = receipt ? SESSIONS[i] : "", .money = "", .currency = "EUR", .tariff_hash = "bf96dd82820a43b1",
    .language = runs || receipt ? language : "", .power_wanted = kind->power_w > 0,
    .current_ma = (gint32) MIN (kind->power_w * 1000 / 690, G_MAXINT32), .energy_wh = kind->energy_wh,
    .charging_ms = kind->charging_ms, .parking_ms = kind->parking_ms, .price_minor = kind->price_minor,
    .hold_minor = runs ? 5000 : 0, .deadline_boot_us = kind->deadline_s ? now_us + kind->deadline_s * SECOND : 0,
    .power_w = kind->power_w, .receipt_until_boot_us = receipt ? now_us + 90 * SECOND : 0, .next = kind->next,
    .goal = kind->goal,
  };
  if (bay->next.kind == NULL)
    bay->next.kind = bay->next.gross_price = "";
  bay->idle = kind->idle;
  if (bay->idle.at_boot_us != 0)
    bay->idle.at_boot_us += now_us;
  bay->current_prices = kind->now;
  bay->n_current_prices = kind->now ? 1 : 0;
  if (bay->next.at_boot_us != 0)
    bay->next.at_boot_us += now_us;
  if (row->flags & BONUS && runs)
    bay->granted = OFFERS[i % 2].grant;
  if (row->flags & TWO_LANGUAGES)
    bay->language = i % 2 == 0 ? "en" : "de";
  set_prices (bay, row->flags);
  scene->panels[i] = kind->panel;
}

void
tw_scene_make (guint       i,
               const char *language,
               gint64      now_boot_us,
               TwScene    *self)
{
  const Row *row = &ROWS[i];
  g_auto (GStrv) bays = g_strsplit (row->bays, " ", -1);

  memset (self, 0, sizeof *self);
  self->name = row->name;
  self->screen = row->screen;
  self->present = !(row->flags & ABSENT);
  self->nasty = (row->flags & NASTY) != 0;
  self->many_bays = (row->flags & MANY_BAYS) != 0;
  self->two_languages = (row->flags & TWO_LANGUAGES) != 0;
  for (guint k = 0; bays[k] != NULL && bays[k][0] != '\0'; k++)
    set_bay (self, self->n_bays++, bay_kind (bays[k]), row, language, now_boot_us);
  self->station = (TwBusStation) { "0.1.0", "TWT0001", row->flags & LONG_NAMES ? LONG_NAME : "Parkhaus Mitte",
                                   "+49 30 5550123", TRUE, self->n_bays };
  self->counter = (TwBusCounter) {
    .state = row->state, .language = language, .prompt = row->prompt, .outcome = row->outcome, .closed_why = row->why,
    .connector = row->about, .session = row->about ? SESSIONS[0] : NULL, .currency = row->about ? "EUR" : NULL,
    .hold_minor = row->about ? (row->flags & HUGE_PRICES ? G_GINT64_CONSTANT (9999999900) : 5000) : 0,
    .deadline_boot_us = row->deadline_s ? now_boot_us + row->deadline_s * SECOND : 0,
    .goal = row->goal, .least_minor = row->about ? 103 : 0,
  };
  if (row->flags & BONUS)
    {
      self->station.offers = OFFERS;
      self->station.n_offers = G_N_ELEMENTS (OFFERS);
    }
  if (row->flags & BONUS && (row->outcome != NULL || g_str_equal (row->state, "authorizing")))
    self->counter.granted = OFFERS[0].grant;
  if (g_str_equal (row->state, "offer") || g_str_equal (row->state, "asking"))
    {
      self->counter.goals = GOALS;
      self->counter.n_goals = G_N_ELEMENTS (GOALS);
    }
}

guint
tw_scenes_n (void)
{
  return G_N_ELEMENTS (ROWS);
}

gboolean
tw_scene_find (const char *name,
               const char *language,
               gint64      now_boot_us,
               TwScene    *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++)
    if (g_str_equal (ROWS[i].name, name))
      {
        tw_scene_make (i, language, now_boot_us, self);
        return TRUE;
      }
  return FALSE;
}

/* What tests/unit/receipt/test-compact.c knows of that receipt: the longest that a code may have to hold. */
#define QR_DE "TESTBETRIEB - KEINE ZAHLUNG\nStadtwerke Muster GmbH\nUSt-IdNr. DE123456789\nBELEG TWT0001-000017\n" \
  "Vorgang 20261122-101530-1-7f3a91\nDE*TWT*E0001*1\n22.11.2026 11:15-13:01 CET\n20,450 kWh\nEnergie 10,02\n" \
  "Standzeit ohne Laden 4,01\nSUMME 14,03 EUR\nMwSt 19 %: 2,24\nAbgebucht 14,03 EUR\nVisa ****0119\n"
#define QR_EN "TEST MODE - NO PAYMENT\nStadtwerke Muster GmbH\nVAT ID DE123456789\nRECEIPT TWT0001-000017\n" \
  "Session 20261122-101530-1-7f3a91\nDE*TWT*E0001*1\n2026-11-22 11:15-13:01 CET\n20.450 kWh\nEnergy 10.02\n" \
  "Time plugged in, not charging 4.01\nTOTAL 14.03 EUR\nTax 19 %: 2.24\nCharged 14.03 EUR\nVisa ****0119\n"

/* json: the receipt that payment/receipt's tests hold, of another session. */
char *
tw_scene_receipt (const char *session,
                  const char *format,
                  const char *language)
{
  g_autofree char *path = g_build_filename (TW_RECEIPTS, "paid.json", NULL), *json = NULL;
  char *at;

  if (g_str_equal (format, "qr"))
    return g_strdup (g_str_equal (language, "de") ? QR_DE : QR_EN);
  if (!g_str_equal (format, "json") || !g_file_get_contents (path, &json, NULL, NULL))
    return NULL;
  at = strstr (json, SESSIONS[0]);
  if (at != NULL && strlen (session) == strlen (SESSIONS[0]))
    memcpy (at, session, strlen (session));
  return g_steal_pointer (&json);
}

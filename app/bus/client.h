/* SPDX-License-Identifier: Apache-2.0 */
/* The other end of bus.h: the station as somebody sees it who is not the station. Calls wait for the answer, 10 s at
 * most; for tools and for the bench. One thread.
 */
#pragma once

#include "app/bus/bus.h"

typedef struct _TwBusClient TwBusClient;

/* address: of a bus; NULL: the system bus. GONE: no bus there. */
TwBusClient *tw_bus_client_new (const char *address, GError **error);
void         tw_bus_client_free (TwBusClient *self);

/* Reads everything afresh; what the getters gave before is gone with it. GONE: no tapwattd on the bus, and they give
 * what they gave. i: below TW_MAX_CONNECTORS, and below n_claims. */
gboolean       tw_bus_client_refresh (TwBusClient *self, GError **error);
TwBusStation   tw_bus_client_station (TwBusClient *self);
TwBusCounter   tw_bus_client_counter (TwBusClient *self);
TwBusConnector tw_bus_client_connector (TwBusClient *self, guint i);
guint          tw_bus_client_n_claims (TwBusClient *self);
TwBusClaim     tw_bus_client_claim (TwBusClient *self, guint i);
guint          tw_bus_client_n_tariffs (TwBusClient *self);
TwBusTariff    tw_bus_client_tariff (TwBusClient *self, guint i);

/* The driver's verbs. REFUSED: not now, the message is the station's code. */
gboolean tw_bus_client_choose (TwBusClient *self, guint connector, const char *language, GError **error);
gboolean tw_bus_client_set_goal (TwBusClient *self, const char *kind, gint64 value, GError **error);
gboolean tw_bus_client_accept (TwBusClient *self, GError **error);
gboolean tw_bus_client_cancel (TwBusClient *self, GError **error);
gboolean tw_bus_client_stop (TwBusClient *self, guint connector, GError **error);
gboolean tw_bus_client_dismiss (TwBusClient *self, guint connector, GError **error);
/* connector 0: the counter. */
gboolean tw_bus_client_set_language (TwBusClient *self, guint connector, const char *language, GError **error);
char    *tw_bus_client_receipt (TwBusClient *self, const char *session, const char *format, const char *language,
                                GError **error);

/* The operator's. BAD_DATA: the tariff cannot be used; REFUSED: it breaks the profile, or not now; both with a
 * sentence. The old one stays in force then. */
gboolean tw_bus_client_activate (TwBusClient *self, const TwBusActivation *activation, GError **error);

/* The operator's: offers to people who come back, in tw_bus_client_station(). Errors as above; they stay as they were
 * then. */
gboolean tw_bus_client_offers (TwBusClient *self, const TwBusOffersOrder *order, GError **error);

/* Texts of money are the client's, until the next call. BAD_DATA: no such session. */
gboolean tw_bus_client_money (TwBusClient *self, const char *session, TwBusMoney *money, GError **error);
/* The operator's, waiting as long as a payment service may take. BAD_DATA, REFUSED: nothing was asked; a sentence.
 * GONE: nobody knows whether it was: ask again. Texts of repaired are the client's, until the next call. */
gboolean tw_bus_client_repair (TwBusClient *self, const TwBusRepair *repair, TwBusRepaired *repaired, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwBusClient, tw_bus_client_free)

/* SPDX-License-Identifier: Apache-2.0 */
/* What everything on the bus is called: as in org.tapwatt.Station1.xml. Not for other folders. */
#pragma once

#define STATION_PATH    "/org/tapwatt/Station1"
#define STATION_IFACE   "org.tapwatt.Station1"       /* and the well-known name */
#define CONNECTOR_PATH  "/org/tapwatt/Connector1/%u"
#define CONNECTOR_IFACE "org.tapwatt.Connector1"
#define NOT_NOW         "org.tapwatt.Error.NotNow"
#define REFUSED         "org.tapwatt.Error.Refused"
#define UNUSABLE        "org.tapwatt.Error.Unusable"

/* SPDX-License-Identifier: Apache-2.0 */
/* What stands on the pavement: the reader's board with cards to hold to it, a controller and a car at each connector,
 * and a finger for the screen. Each is a device of devices.h. Main thread only.
 */
#pragma once

#include "app/bench/devices.h"
#include "app/bench/happenings.h"

typedef struct _TwReaderStand TwReaderStand;
typedef struct _TwCarPark TwCarPark;

/* "card" and "reader". cards: folder of profiles. link: path at which the station finds the board. happenings:
 * borrowed; NULL: nobody looks. */
TwReaderStand *tw_reader_stand_new (TwDevices *devices, const char *cards, const char *link, TwHappenings *happenings,
                                    GError **error);

/* "car" and "controller", with a number behind each. links: path of each controller, NULL-terminated. */
TwCarPark     *tw_car_park_new (TwDevices *devices, const char *const *links, TwHappenings *happenings,
                                GError **error);

/* "finger" and, in the status, "station": over the system bus, when there is one with a station on it. */
void           tw_finger_new (TwDevices *devices);

/* What the controllers of the park can give; the station's configuration must say the same. */
enum { TW_PARK_PHASES = 3, TW_PARK_VOLTAGE_V = 230, TW_PARK_CURRENT_A = 80 };

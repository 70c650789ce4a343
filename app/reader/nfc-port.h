/* SPDX-License-Identifier: Apache-2.0 */
/* hw/reader as the service's table of functions; nfc is a TwNfc. */
#pragma once

#include "app/reader/service.h"

extern const TwReaderPort tw_nfc_port;

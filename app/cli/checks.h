/* SPDX-License-Identifier: Apache-2.0 */
/* What doctor looks at, one question a file. None of them changes anything; each adds at least one finding about
 * everything that the configuration names.
 */
#pragma once

#include "app/base/config.h"
#include "app/cli/finding.h"

void tw_check_certificates (TwFindings *findings, const TwConfig *config, gint64 now_s);
void tw_check_clock        (TwFindings *findings, const TwConfig *config);
void tw_check_devices      (TwFindings *findings, const TwConfig *config);
void tw_check_gateway      (TwFindings *findings, const TwConfig *config, gint64 now_s);   /* up to 10 s */
void tw_check_journal      (TwFindings *findings, const TwConfig *config);
void tw_check_secrets      (TwFindings *findings, const TwConfig *config);
void tw_check_tariffs      (TwFindings *findings, const TwConfig *config, gint64 now_us);
void tw_check_zones        (TwFindings *findings, const TwConfig *config);

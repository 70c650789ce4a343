/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/checks.h"

#include "app/base/clock.h"

/* Before this program was written, or later than it can be in use. */
#define FIRST_YEAR 2026
#define LAST_YEAR 2099

void
tw_check_clock (TwFindings     *findings,
                const TwConfig *config)
{
  g_autoptr (TwClock) clock = tw_clock_new_system (config->trust_clock);
  TwInstant now = tw_clock_now (clock);
  g_autofree char *text = tw_instant_to_text (&now);
  int year = g_ascii_strtoull (text, NULL, 10);

  if (year < FIRST_YEAR || year > LAST_YEAR)
    tw_findings_add (findings, TW_SEVERITY_FAIL, "clock", text,
                     "set it, and give the board a clock that is buffered, or a time server: chrony, systemd-timesyncd",
                     "this year cannot be: certificates will not verify and tariffs will not apply");
  else if (!now.synced)
    tw_findings_add (findings, TW_SEVERITY_WARN, "clock", text,
                     "let chrony or systemd-timesyncd run, or say clock = trusted if the host keeps the time",
                     "the kernel does not call it synchronised: time across a restart is not billed");
  else
    tw_findings_add (findings, TW_SEVERITY_OK, "clock", text, NULL, "%s",
                     config->trust_clock ? "trusted, as the configuration says" : "synchronised");
}

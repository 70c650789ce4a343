/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for what must not be left behind: pages of its own, locked against swapping, kept out of core dumps and of
 * child processes, wiped before they go. For one struct at a time; not a heap. Any thread.
 */
#pragma once

#include <glib.h>

gpointer tw_locked_new (gsize n);               /* zeroed; aborts if the memory cannot be had */
void     tw_locked_free (gpointer memory, gsize n);

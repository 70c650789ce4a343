/* SPDX-License-Identifier: Apache-2.0 */
/* Messages over a SOCK_SEQPACKET socket, one a packet. Never blocks: an end that does not take what it is sent is as
 * good as dead. Any thread, one at a time.
 */
#pragma once

#include "app/reader/message.h"

/* GONE: the other end is closed, or its queue is full. BAD_DATA: as tw_message_encode(). */
gboolean   tw_channel_send (int fd, const TwMessage *message, GError **error);

/* NULL without error: nothing there yet. GONE: closed. BAD_DATA: not a message of the allow-list; end the
 * connection. */
TwMessage *tw_channel_receive (int fd, TwMessageFrom from, GError **error);

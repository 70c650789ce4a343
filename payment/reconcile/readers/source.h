/* SPDX-License-Identifier: Apache-2.0 */
/* A plain file that is read once from its beginning to its end, with its digest. Never mapped: a mapped file that
 * shrinks ends the process. A large one is read ahead and digested by a thread of its own; to who reads it that does
 * not show. One thread. This folder's own.
 */
#pragma once

#include "payment/reconcile/intake.h"

typedef struct _TwSource TwSource;

/* GONE: cannot be opened. BAD_DATA: not a plain file. */
TwSource   *tw_source_open (const char *path, GError **error);
/* Only the bytes from BEGIN up to END, G_MAXUINT64: to the end; no digest is made of a part. */
TwSource   *tw_source_open_part (const char *path, guint64 begin, guint64 end, GError **error);
void        tw_source_free (TwSource *self);
/* Up to n bytes; 0: the end. -1: GONE. */
gssize      tw_source_read (TwSource *self, char *bytes, gsize n, GError **error);
/* After the end. BAD_DATA: it changed while it was read, so it is still being written. */
gboolean    tw_source_check_end (const TwSource *self, GError **error);
/* A part goes on from there. */
gboolean    tw_source_seek (TwSource *self, guint64 at, GError **error);
void        tw_source_stamp (const TwSource *self, TwFileStamp *stamp);   /* as it is now */
const char *tw_source_path (const TwSource *self);
guint64     tw_source_bytes_read (const TwSource *self);
guint64     tw_source_size (const TwSource *self);
void        tw_source_digest (const TwSource *self, char *hex);     /* after the end: its SHA-256; 65 bytes */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwSource, tw_source_free)

/* SPDX-License-Identifier: Apache-2.0 */
/* A private bus that can go and come back at the same address, and a station on it that says whatever a test wants it
 * to say: the other end of app/bus/watch.h, sharing nothing with app/bus. Main thread only.
 */
#pragma once

#include <gio/gio.h>

typedef struct _Bus Bus;
Bus        *bus_new (void);                /* not running yet */
void        bus_start (Bus *self);
void        bus_stop (Bus *self);
const char *bus_address (Bus *self);
void        bus_free (Bus *self);

typedef struct _Liar Liar;
/* Has no name yet; liar_own_name() is when others find it. */
Liar       *liar_new (Bus *bus);
void        liar_own_name (Liar *self);
void        liar_free (Liar *self);
/* What GetAll of an object answers from now on, a{sv} or anything; NULL: an error. value is sunk. */
void        liar_set (Liar *self, const char *path, GVariant *value);
/* What any verb answers from now on: the D-Bus error of that name, "" for nothing at all, or NULL for success. */
void        liar_refuse (Liar *self, const char *name, const char *message);
/* parameters are sunk; "(sa{sv}as)" where it is honest. */
void        liar_signal (Liar *self, const char *path, GVariant *parameters);
/* "/path Method (arguments)", of the last verb that was called; NULL: none. */
char       *liar_asked (Liar *self);
guint       liar_n_reads (Liar *self);     /* GetAll calls so far */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bus, bus_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Liar, liar_free)

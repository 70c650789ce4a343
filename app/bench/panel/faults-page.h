/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong between station and reader; the controllers' part is each bay's. */
#pragma once

#include "app/bench/panel/desk.h"

typedef struct _TwFaultsPage TwFaultsPage;

TwFaultsPage *tw_faults_page_new (TwDesk *desk);
void          tw_faults_page_free (TwFaultsPage *self);
GtkWidget    *tw_faults_page_widget (TwFaultsPage *self);
/* Below the reader's part. */
void          tw_faults_page_append (TwFaultsPage *self, GtkWidget *widget);
/* state: the reader's. */
void          tw_faults_page_update (TwFaultsPage *self, const TwJson *state);

/* SPDX-License-Identifier: Apache-2.0 */
/* Signed meter values in the Open Charge Metering Format, 1.4.1 and older: read, and verify. Nothing is signed here,
 * nothing repaired, nothing rewritten: what is kept of a record is the text that the meter wrote. A good signature says
 * who wrote it; whether a begin and an end are one sale is asked of transaction.h. Pure but for OpenSSL. Any thread.
 */
#pragma once

#include <glib.h>

#define TW_OCMF_MAX_BYTES (64 * 1024)   /* of a record */

typedef enum
{
  TW_OCMF_VALID,
  TW_OCMF_VALID_LENIENT,   /* usable for billing; notes say what is wrong with the writing of the signature */
  TW_OCMF_INVALID,         /* the key did not sign this, or it is no signature, or no point of the curve */
  TW_OCMF_NO_KEY,
  TW_OCMF_UNTRUSTED_KEY,   /* a good signature, but the signer is registered with another key */
  TW_OCMF_KEY_MISMATCH,    /* the key's curve is not the one that the record names */
  TW_OCMF_UNSUPPORTED,     /* an algorithm, encoding, curve or kind of key that this build does not know */
  TW_OCMF_MALFORMED,       /* begins as a record and cannot be read as one */
} TwOcmfVerdict;

/* The leniency ladder, its steps 2 to 4. */
typedef enum
{
  TW_OCMF_NOTE_ENCODING_MISMATCH = 1 << 0,   /* hex where SE says base64, or the reverse */
  TW_OCMF_NOTE_LENIENT_DER       = 1 << 1,   /* an integer without its leading zero, or with too many */
  TW_OCMF_NOTE_RAW_SIGNATURE     = 1 << 2,   /* r and s side by side, no DER */
} TwOcmfNote;

typedef enum { TW_OCMF_KEY_NONE, TW_OCMF_KEY_GIVEN, TW_OCMF_KEY_CONTAINER, TW_OCMF_KEY_REGISTRY } TwOcmfKeySource;

/* Texts as written; NULL where neither this reading nor one before it in its record has the field. */
typedef struct
{
  const char *time;                          /* TM */
  const char *event;                         /* TX: "B", "E", ... */
  const char *value;                         /* RV: the digits count */
  const char *register_id, *unit, *current;  /* RI, RU, RT */
  const char *loss, *errors, *state;         /* CL, EF, ST */
  gint64      time_us;                       /* of TM, UTC; G_MININT64: it cannot be read */
  char        time_state;                    /* S, R, I, U; 0: it cannot be read */
} TwOcmfReading;

typedef struct
{
  const char    *version;                                       /* FV */
  const char    *gateway, *gateway_serial, *gateway_version;    /* GI, GS, GV */
  const char    *vendor, *model, *serial, *firmware;            /* MV, MM, MS, MF: the meter's */
  const char    *pagination;                                    /* PG */
  char           context;                                       /* of PG: 'T', 'F'; 0: it is not as it should be */
  guint64        page;                                          /* of PG */
  gboolean       is_assigned;                                   /* IS */
  const char    *level, *id_type, *id;                          /* IL, IT, ID */
  const char    *tariff, *controller, *point_type, *point;      /* TT, CF, CT, CI */
  const char    *cable_loss;                                    /* LC: its members' texts, or NULL */
  TwOcmfReading *readings;
  guint          n_readings;
  const char    *algorithm, *encoding, *mime, *signature;       /* SA, SE, SM with their defaults; SD */
  guint8         digest[32];                                    /* SHA-256 of what is signed: the record's identity */
  gsize          n_bytes;                                       /* of the text, without white space after it */
  char          *texts;                                         /* where all of the above is */
} TwOcmfRecord;

/* text: from "OCMF|" on; white space after the record is allowed. BAD_DATA: malformed, and why. */
TwOcmfRecord *tw_ocmf_record_parse (const char *text, gsize len, GError **error);
void          tw_ocmf_record_free (TwOcmfRecord *self);
/* MS, else GS; NULL if it has neither. */
const char   *tw_ocmf_record_signer (const TwOcmfRecord *self);

typedef struct _TwOcmfKey TwOcmfKey;

/* Hex, base64 or PEM of a SubjectPublicKeyInfo, or hex or base64 of a point: 04 X Y, X Y, 02 X, 03 X; or the bytes of a
 * SubjectPublicKeyInfo. White space is dropped. Never NULL: a record that is verified with a key that is none gets the
 * verdict and the reason that this says (VALID and NULL: it is a key). */
TwOcmfKey    *tw_ocmf_key_new (const char *text, gsize len);
void          tw_ocmf_key_free (TwOcmfKey *self);
TwOcmfVerdict tw_ocmf_key_problem (const TwOcmfKey *self, const char **reason);

typedef struct _TwOcmfRegistry TwOcmfRegistry;

/* Which keys sign for which meter or gateway, see README.md. BAD_DATA: the line, and what is wrong with it. */
TwOcmfRegistry  *tw_ocmf_registry_parse (const char *text, gsize len, GError **error);
void             tw_ocmf_registry_free (TwOcmfRegistry *self);
/* Keys of a serial number; NULL: not registered. */
const GPtrArray *tw_ocmf_registry_keys (const TwOcmfRegistry *self, const char *serial);

/* Each may be NULL. A given key is used, whatever is registered; else the registered one; else the container's. */
typedef struct { const TwOcmfKey *given, *container; const TwOcmfRegistry *registry; } TwOcmfKeys;

typedef struct
{
  TwOcmfVerdict   verdict;
  guint           notes;         /* TwOcmfNote */
  char           *reason;        /* a sentence; NULL: valid */
  TwOcmfKeySource key_source;
  const char     *curve;         /* the key's, else the one that the record names; NULL: not known */
  char            key_id[65];    /* SHA-256 of its SubjectPublicKeyInfo; "": there is no key */
} TwOcmfJudgement;

void          tw_ocmf_verify (const TwOcmfRecord *record, const TwOcmfKeys *keys, TwOcmfJudgement *judgement);
void          tw_ocmf_judgement_clear (TwOcmfJudgement *self);
const char   *tw_ocmf_verdict_name (TwOcmfVerdict verdict);   /* "valid_lenient" */
gboolean      tw_ocmf_verdict_is_good (TwOcmfVerdict verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOcmfRecord, tw_ocmf_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOcmfKey, tw_ocmf_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwOcmfRegistry, tw_ocmf_registry_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwOcmfJudgement, tw_ocmf_judgement_clear)

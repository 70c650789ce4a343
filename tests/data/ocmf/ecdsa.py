# SPDX-License-Identifier: Apache-2.0
"""ECDSA with SHA-256 in plain numbers, for test vectors: shares nothing with OpenSSL, so that a misreading of ours and
a habit of the library's cannot agree by accident. Slow, and leaks its keys by time: for tests only.

The curves: SEC 2 version 2 (secp...), RFC 5639 (brainpool...); their identifiers: RFC 5480, SEC 2, RFC 5639."""

import collections
import hashlib

Curve = collections.namedtuple('Curve', 'size oid p a b x y n')

CURVES = {
    'secp192k1': Curve(24, '2b8104001f',
        0xfffffffffffffffffffffffffffffffffffffffeffffee37,
        0x0,
        0x3,
        0xdb4ff10ec057e9ae26b07d0280b7f4341da5d1b1eae06c7d,
        0x9b2f2f6d9c5628a7844163d015be86344082aa88d95e2f9d,
        0xfffffffffffffffffffffffe26f2fc170f69466a74defd8d),
    'secp192r1': Curve(24, '2a8648ce3d030101',
        0xfffffffffffffffffffffffffffffffeffffffffffffffff,
        -3,
        0x64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1,
        0x188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012,
        0x7192b95ffc8da78631011ed6b24cdd573f977a11e794811,
        0xffffffffffffffffffffffff99def836146bc9b1b4d22831),
    'secp256k1': Curve(32, '2b8104000a',
        0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f,
        0x0,
        0x7,
        0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798,
        0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8,
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141),
    'secp256r1': Curve(32, '2a8648ce3d030107',
        0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff,
        -3,
        0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
        0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5,
        0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551),
    'brainpoolP256r1': Curve(32, '2b2403030208010107',
        0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377,
        0x7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9,
        0x26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6,
        0x8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262,
        0x547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997,
        0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7),
    'secp384r1': Curve(48, '2b81040022',
        0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff,
        -3,
        0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef,
        0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
        0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f,
        0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973),
    'brainpoolP384r1': Curve(48, '2b240303020801010b',
        0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53,
        0x7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826,
        0x4a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11,
        0x1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e,
        0x8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315,
        0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565),
}


def add(curve, one, other):
    """Of two points; None is the one at infinity."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % curve.p == 0:
            return None
        slope = (3 * one[0] * one[0] + curve.a) * pow(2 * one[1], -1, curve.p)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, curve.p)
    x = (slope * slope - one[0] - other[0]) % curve.p
    return x, (slope * (one[0] - x) - one[1]) % curve.p


def multiply(curve, point, k):
    total = None
    while k:
        if k & 1:
            total = add(curve, total, point)
        point = add(curve, point, point)
        k >>= 1
    return total


def digest_number(curve, data):
    """The leftmost bits of the hash, as many as the order has (FIPS 186-4 section 6.4)."""
    digest = hashlib.sha256(data).digest()
    return int.from_bytes(digest, 'big') >> max(0, 256 - curve.n.bit_length())


def public(curve, private):
    return multiply(curve, (curve.x, curve.y), private)


def sign(curve, private, data, start=0):
    """(r, s), with the first usable k after a start that depends on the key and the data: the same each time."""
    k = int.from_bytes(hashlib.sha512(b'%d %d ' % (private, start) + data).digest(), 'big') % (curve.n - 1) + 1
    while True:
        r = multiply(curve, (curve.x, curve.y), k)[0] % curve.n
        s = pow(k, -1, curve.n) * (digest_number(curve, data) + r * private) % curve.n
        if r and s:
            return r, s
        k = k % (curve.n - 1) + 1


def verify(curve, point, data, r, s):
    if not (0 < r < curve.n and 0 < s < curve.n):
        return False
    w = pow(s, -1, curve.n)
    found = add(curve, multiply(curve, (curve.x, curve.y), digest_number(curve, data) * w % curve.n),
                multiply(curve, point, r * w % curve.n))
    return found is not None and found[0] % curve.n == r


def tlv(tag, value):
    length = bytes([len(value)]) if len(value) < 128 else bytes([0x81, len(value)])
    return bytes([tag]) + length + value


def integer(number, zeros=None):
    """DER's INTEGER; zeros: how many zero bytes are in front, whatever DER wants."""
    value = number.to_bytes((number.bit_length() + 7) // 8 or 1, 'big')
    if zeros is None:
        zeros = 1 if value[0] >= 0x80 else 0
    return tlv(2, bytes(zeros) + value)


def der(r, s, zeros=None):
    return tlv(0x30, integer(r, zeros) + integer(s, zeros))


def raw(curve, r, s):
    return r.to_bytes(curve.size, 'big') + s.to_bytes(curve.size, 'big')


def uncompressed(curve, point):
    return b'\x04' + raw(curve, *point)


def compressed(curve, point):
    return bytes([2 + (point[1] & 1)]) + point[0].to_bytes(curve.size, 'big')


def spki(curve, octets):
    """SubjectPublicKeyInfo of a point in any form (RFC 5480 section 2)."""
    algorithm = tlv(6, bytes.fromhex('2a8648ce3d0201')) + tlv(6, bytes.fromhex(curve.oid))
    return tlv(0x30, tlv(0x30, algorithm) + tlv(3, b'\0' + octets))

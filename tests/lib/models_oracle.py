# SPDX-License-Identifier: Apache-2.0
"""Known answers for payment/analytics/models, as a key file: data made here, and figures from the definitions.

Shares nothing with the code under test and goes other ways: Erlang's sums in fractions instead of his recursion,
Student's t by integration, regressions with every effect as a dummy column of a dense matrix. Checked once: survival,
Student's t, and the regressions with their clustered errors are those of statsmodels 0.13.5 and SciPy 1.10.1.
"""

import itertools
import math
import random
from fractions import Fraction

random.seed(20260607)


def show(group, **values):
    print(f'[{group}]')
    for key, value in values.items():
        many = value if isinstance(value, (list, tuple)) else [value]
        print(f'{key}={";".join(repr(x) for x in many)}')


# --- Erlang: the probabilities of a birth and death process.

def erlang_b(load, ports):
    terms = [load ** k / math.factorial(k) for k in range(ports + 1)]
    return terms[-1] / sum(terms)


def erlang_c(load, ports):
    queue = load ** ports / math.factorial(ports) * ports / (ports - load)
    return queue / (sum(load ** k / math.factorial(k) for k in range(ports)) + queue)


def erlangs():
    cases = [(Fraction(1, 10), 1), (Fraction(1), 1), (Fraction(3, 2), 2), (Fraction(2), 4), (Fraction(37, 5), 8),
             (Fraction(60), 64), (Fraction(12), 4)]
    show('erlang', load=[float(a) for a, _ in cases], ports=[m for _, m in cases],
         blocked=[float(erlang_b(a, m)) for a, m in cases],
         waits=[float(erlang_c(a, m)) if a < m else -1.0 for a, m in cases])


# --- Student's t, by Simpson's rule on its density.

def student_density(x, dof):
    log = math.lgamma((dof + 1) / 2) - math.lgamma(dof / 2) - math.log(dof * math.pi) / 2
    return math.exp(log - (dof + 1) / 2 * math.log1p(x * x / dof))


def student_within(t, dof, n=4000):
    h = t / n
    weights = (4 if i % 2 else 2 for i in range(1, n))
    inside = sum(w * student_density(i * h, dof) for i, w in zip(range(1, n), weights))
    return 2 * h / 3 * (student_density(0, dof) + inside + student_density(t, dof))


def student_975(dof):
    low, high = 1.0, 13.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if student_within(middle, dof) < 0.95 else (low, middle)
    return low


def students():
    dofs = [1, 2, 3, 7, 12, 29, 64, 199, 250, 1000]
    show('student', dof=dofs, t=[student_975(dof) for dof in dofs])


# --- Kaplan-Meier, from its definition over all who were there.

def survival():
    lastings = [(float(random.choice([5, 10, 15, 20, 25, 30, 45, 60])), random.random() < 0.7) for _ in range(40)]
    steps = []
    for at in sorted({time for time, ended in lastings if ended}):
        share, greenwood = 1.0, 0.0
        for earlier in sorted({time for time, ended in lastings if ended and time <= at}):
            there = sum(time >= earlier for time, _ in lastings)
            gone = sum(time == earlier and ended for time, ended in lastings)
            share *= (there - gone) / there
            greenwood += gone / (there * (there - gone)) if there > gone else math.inf
        steps.append((at, share, greenwood))
    z = 1.959963984540054
    low = [s ** math.exp(z * math.sqrt(g) / abs(math.log(s))) for _, s, g in steps if s > 0]
    high = [s ** math.exp(-z * math.sqrt(g) / abs(math.log(s))) for _, s, g in steps if s > 0]
    show('survival', time=[t for t, _ in lastings], ended=[int(e) for _, e in lastings], at=[t for t, _, _ in steps],
         share=[s for _, s, _ in steps], low=low, high=high)


# --- Regressions with dummies.

def inverse(matrix):
    n = len(matrix)
    rows = [list(row) + [float(i == j) for j in range(n)] for i, row in enumerate(matrix)]
    for i in range(n):
        best = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for r in range(n):
            if r != i and rows[r][i] != 0:
                rows[r] = [x - rows[r][i] * y for x, y in zip(rows[r], rows[i])]
    return [row[n:] for row in rows]


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def weighted_gram(design, weights):
    k = len(design[0])
    gram = [[0.0] * k for _ in range(k)]
    for row, weight in zip(design, weights):
        used = [(i, x) for i, x in enumerate(row) if x]
        for (i, x), (j, y) in itertools.product(used, used):
            gram[i][j] += weight * x * y
    return gram


def moment(design, values):
    return [sum(row[i] * value for row, value in zip(design, values)) for i in range(len(design[0]))]


def poisson(design, q):
    beta = [0.0] * len(design[0])
    beta[-1] = math.log(sum(q) / len(q))    # the constant
    for _ in range(40):
        mu = [math.exp(min(x, 30)) for x in times(design, beta)]
        step = times(inverse(weighted_gram(design, mu)), moment(design, [a - b for a, b in zip(q, mu)]))
        beta = [b + d for b, d in zip(beta, step)]
    mu = [math.exp(x) for x in times(design, beta)]
    return beta, [a - b for a, b in zip(q, mu)], inverse(weighted_gram(design, mu))


def least_squares(design, y):
    bread = inverse(weighted_gram(design, [1.0] * len(y)))
    beta = times(bread, moment(design, y))
    return beta, [a - b for a, b in zip(y, times(design, beta))], bread


def clustered_errors(design, residuals, bread, clusters):
    sums = {}
    for row, residual, cluster in zip(design, residuals, clusters):
        old = sums.setdefault(cluster, [0.0] * len(row))
        sums[cluster] = [a + residual * x for a, x in zip(old, row)]
    pulls = [times(bread, score) for score in sums.values()]
    n, k, g = len(design), len(design[0]), len(sums)
    factor = g / (g - 1) * (n - 1) / (n - k)
    return [math.sqrt(factor * sum(pull[i] ** 2 for pull in pulls)) for i in range(2)], g


def poisson_number(mean):
    n, left = 0, random.random()
    while left > math.exp(-mean):
        n, left = n + 1, left * random.random()
    return n


HOURS = [7, 8, 30, 31, 90, 167]


def demand():
    """Price steps at each site on days of its own; rows of one site-day share a shock."""
    rows = []
    for site, day in itertools.product(range(4), range(45)):
        shock = random.gauss(0, 0.3)
        price = 0.39 if day < 10 + 7 * site else 0.55 if day < 30 + site else 0.45
        for hour in random.sample(HOURS, 3):
            rain = float(random.random() < 0.3)
            mean = math.exp(0.4 + 0.3 * site - 0.2 * (day // 15) + hour / 200 - 0.8 * math.log(price) + 0.25 * rain
                            + shock - 0.6)
            rows.append((poisson_number(mean), price, site, day, hour, day // 15, rain))
    random.shuffle(rows)
    return rows


def dummies(row):
    _, price, site, _, hour, month, rain = row
    return ([math.log(price), rain] + [float(site == s) for s in range(1, 4)] + [float(hour == h) for h in HOURS[1:]]
            + [float(month == m) for m in (1, 2)] + [1.0])


def regressions():
    rows = demand()
    design = [dummies(row) for row in rows]
    q = [float(row[0]) for row in rows]
    clusters = [row[2:4] for row in rows]
    found = {}
    beta, residuals, bread = poisson(design, q)
    errors, n_clusters = clustered_errors(design, residuals, bread, clusters)
    found.update(poisson=beta[:2], poisson_error=errors, poisson_clusters=n_clusters)
    some = [i for i, x in enumerate(q) if x > 0]
    design = [design[i] for i in some]
    beta, residuals, bread = least_squares(design, [math.log(q[i]) for i in some])
    errors, n_clusters = clustered_errors(design, residuals, bread, [clusters[i] for i in some])
    found.update(log_log=beta[:2], log_log_error=errors, log_log_clusters=n_clusters)
    show('demand', quantity=q, price=[r[1] for r in rows], site=[r[2] for r in rows], day=[r[3] for r in rows],
         week_hour=[r[4] for r in rows], month=[r[5] for r in rows], rain=[r[6] for r in rows], **found)


# --- Holt-Winters, as facts/analytics.md writes it; the grid is the header's.

PHI = 0.98
GRID = list(itertools.product([0.02, 0.05, 0.1, 0.2, 0.35, 0.6], [0, 0.02, 0.1, 0.3], [0, 0.02, 0.05, 0.1, 0.25]))


def holt_winters(y, period, al, be, ga, since=14):
    """(squared misses from that step on, l, b, seasons)"""
    start = [x for x in y[:2 * period] if x is not None]
    l, b, missed = sum(start) / len(start), 0.0, 0.0
    s = {}
    for k in range(period):
        mine = [x for x in (y[k], y[k + period]) if x is not None]
        s[k] = sum(mine) / len(mine) - l
    for t, x in enumerate(y):
        k = t % period
        if x is None:
            l, b = l + PHI * b, PHI * b
            continue
        if t >= since:
            missed += (x - l - PHI * b - s[k]) ** 2
        l_prev = l
        l = al * (x - s[k]) + (1 - al) * (l + PHI * b)
        b = be * (l - l_prev) + (1 - be) * PHI * b
        s[k] = ga * (x - l) + (1 - ga) * s[k]
    return missed, l, b, s


def two_rough_weeks_and_more():
    y = [max(0, 20 + 8 * math.sin(t / 7 * 2 * math.pi) + t / 6 + random.gauss(0, 12 if t < 14 else 3))
         for t in range(75)]
    return [None if t in (3, 30, 31, 74) else x for t, x in enumerate(y)]


def forecasts():
    """Of a series in which it matters that the first two weeks' misses do not count."""
    grid = other = None
    while grid == other:
        y = two_rough_weeks_and_more()
        grid = min(GRID, key=lambda cell: holt_winters(y, 7, *cell)[0])
        other = min(GRID, key=lambda cell: holt_winters(y, 7, *cell, since=0)[0])
    _, l, b, s = holt_winters(y, 7, *grid)
    ahead = [l + sum(PHI ** i for i in range(1, h + 1)) * b + s[(len(y) + h - 1) % 7] for h in range(1, 29)]
    show('forecast', y=[0.0 if x is None else x for x in y], known=[int(x is not None) for x in y], grid=list(grid),
         ahead=ahead)


erlangs()
students()
forecasts()
survival()
regressions()

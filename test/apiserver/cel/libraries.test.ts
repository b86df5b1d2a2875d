import { expect, test } from "vitest";
import { compile } from "#apiserver/cel/compile.ts";
import { baseEnvironment } from "#apiserver/cel/environment.ts";
import { authorizerType, CelAuthorizer } from "#apiserver/cel/libraries/authorizer.ts";
import { fromJson, toJson } from "#apiserver/cel/values.ts";

const environment = baseEnvironment().extend({
  variables: { object: "dyn", authorizer: authorizerType },
});
const object = fromJson({
  spec: { replicas: 3, share: 0.5, image: "nginx:1.27", list: [1, 2, 3], "a-b": true },
  labels: { app: "web", tier: "front" },
  constructor: "a name like any other",
});
const authorizer = new CelAuthorizer(({ verb, resource, serviceAccount }) => ({
  allowed: verb === "get" && resource === "pods" && serviceAccount?.name !== "nobody",
  reason: "because",
}));

function value(expression: string): unknown {
  const program = compile(expression, environment);
  if ("error" in program) return program.error;
  const result = program.evaluate({ object, authorizer });
  return "error" in result ? `evaluation: ${result.error}` : toJson(result.value);
}

test.each<[string, unknown]>([
  // the language
  ["1 + 2 * 3", 7],
  ["'a' in ['a', 'b'] && !('c' in {'d': 1})", true],
  ["object.spec.replicas + 1 == 4", true],
  ["object.spec.replicas == 3.0 && object.spec.share < 1", true],
  ["object.spec.list.map(x, x * 2)", [2, 4, 6]],
  ["object.labels.exists(k, k == 'tier')", true],
  ["has(object.spec.nothing)", false],
  ["object.constructor", "a name like any other"],
  ["object.spec['a-b']", true],
  ["type(object.spec.replicas) == int", true],
  ["[1, 2].exists_one(x, x > 1) ? 'one' : 'other'", "one"],
  [
    "string(duration('1h30m')) + ' ' + string(timestamp('2026-01-02T03:04:05.50Z'))",
    "5400s 2026-01-02T03:04:05.5Z",
  ],
  [
    "timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')",
    true,
  ],
  ["int(timestamp('1970-01-01T00:01:00Z'))", 60],
  ["b'abc' < b'abd'", true],
  // strings
  ["'Ärger AB'.lowerAscii()", "Ärger ab"],
  ["'hello'.charAt(1) + 'hello'.replace('l', 'L') + 'hello'.replace('l', 'L', 1)", "eheLLoheLlo"],
  ["'%s is %d, %.2f, %x %%'.format([dyn('a'), dyn(3), dyn(1.5), dyn(255)])", "a is 3, 1.50, ff %"],
  ["'%s'.format([[dyn('a'), dyn(1)]])", '["a", 1]'],
  ["strings.quote('a\"b')", '"a\\"b"'],
  ["'a,b,c'.split(',', 2)", ["a", "b,c"]],
  // regex: RE2, not JavaScript
  ["'abc'.matches('^[a-c]+$')", true],
  ["'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')", false],
  ["'abc 123 45'.find('[0-9]+')", "123"],
  ["'abc 123 45'.findAll('[0-9]+')", ["123", "45"]],
  ["'abc 123 45'.findAll('[0-9]+', 1)", ["123"]],
  // lists and sets
  ["[3, 1, 2].isSorted() || ['a', 'b'].isSorted()", true],
  ["[3, 1, 2].sum() + [3, 1, 2].min() * [3, 1, 2].max()", 9],
  ["[].sum() == 0 ? [1, 2, 1].lastIndexOf(1) : -1", 2],
  ["[1, 2, 3, 4].slice(1, 3) + [1, 1, 2].distinct() + [2, 1].sort()", [2, 3, 1, 2, 1, 2]],
  ["[[1], [2, 3]].flatten().size() + lists.range(3).size()", 6],
  ["[{'n': 2}, {'n': 1}].sortBy(e, e.n)[0].n", 1],
  [
    "sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && !sets.intersects([1], [2])",
    true,
  ],
  // two variables
  ["[1, 2, 3].all(i, v, i < v)", true],
  ["{'a': 1, 'b': 2}.exists(k, v, k == 'b' && v == 2)", true],
  ["[1, 2].transformList(i, v, i + v)", [1, 3]],
  ["{'a': 1, 'b': 2}.transformMap(k, v, v > 1, k + string(v))", { b: "b2" }],
  ["[1, 2].transformMapEntry(i, v, {string(v): i})", { 1: 0, 2: 1 }],
  // optionals
  ["object.?spec.?nothing.orValue('none')", "none"],
  ["object.spec.?image.optMap(i, i + '!').value()", "nginx:1.27!"],
  ["optional.ofNonZeroValue('').hasValue() || [1, 2].last().value() == 2", true],
  ["format.dns1123Label().validate('a') == null || optional.of(1) != optional.of(1)", false],
  ["optional.of([1]) == optional.of([1]) && optional.none() != optional.of(2)", true],
  // quantity
  [
    "quantity('1.5G').isGreaterThan(quantity('1Gi')) && quantity('50k').add(20).sub(quantity('100k')).asInteger() == -49980",
    true,
  ],
  ["isQuantity('200K') || quantity('200M').compareTo(quantity('0.2G')) != 0", false],
  ["quantity('1Gi') == quantity('1024Mi')", true],
  // url, ip, cidr
  ["url('https://user@example.com:80/a%20b?x=1&x=2').getHost()", "example.com:80"],
  ["url('https://[::1]:8080/p?x=1&x=2').getQuery()['x']", ["1", "2"]],
  ["url('https://[::1]:8080/p').getHostname() + url('/p').getScheme()", "::1"],
  ["isURL('not a url') || !isURL('/path') || !isURL('mailto:a@b.c')", false],
  ["ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && isIP('10.0.0.256') == false", true],
  ["ip.isCanonical('2001:DB8::ABCD')", false],
  ["ip('192.168.0.1').isGlobalUnicast() && !isIP('::ffff:1.2.3.4') && !isIP('01.2.3.4')", true],
  [
    "string(cidr('192.168.0.1/24').masked()) + ' ' + string(cidr('192.168.0.1/24').prefixLength())",
    "192.168.0.0/24 24",
  ],
  [
    "cidr('192.168.0.0/16').containsIP('192.168.10.1') && cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24')",
    true,
  ],
  // format and semver
  [
    "format.dns1123Label().validate('a_b').value()[0].startsWith('a lowercase RFC 1123 label')",
    true,
  ],
  ["format.named('uuid').value().validate('x').value()", ["does not match the UUID format"]],
  ["!format.datetime().validate('2026-01-02T03:04:05Z').hasValue()", true],
  [
    "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('v1.2', true).minor() == 2 && !isSemver('v1.0')",
    true,
  ],
  ["semver('1.0.0-rc.1').compareTo(semver('1.0.0'))", -1],
  // authorizer
  ["authorizer.group('').resource('pods').namespace('a').check('get').allowed()", true],
  [
    "authorizer.serviceAccount('a', 'nobody').group('').resource('pods').check('get').allowed()",
    false,
  ],
])("%s", (expression, expected) => {
  expect(value(expression)).toEqual(expected);
});

test.each<[string, string]>([
  ["object.spec.nothing == 1", "evaluation: no such key: nothing"],
  ["object.spec.list[7] == 1", "evaluation: index out of bounds: 7"],
  ["object.spec.image + 1 == 2", "evaluation: no such overload"],
  ["1 / (object.spec.replicas - 3) == 1", "evaluation: division by zero"],
  ["[].max() == 1", "evaluation: max called on empty list"],
  [
    "quantity('x') == quantity('1')",
    "evaluation: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    "lists.range(2000).all(x, lists.range(2000).all(y, x + y >= 0))",
    "evaluation: operation cancelled: actual cost limit exceeded",
  ],
  [
    "lists.range(100000000).size() > 0 || true",
    "evaluation: operation cancelled: actual cost limit exceeded",
  ],
])("%s fails", (expression, expected) => {
  expect(value(expression)).toBe(expected);
});

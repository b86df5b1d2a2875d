/** The shell's grammar, as busybox's ash reads it: what scripts print, and when. */
import { expect, test } from "vitest";
import type { Process } from "#kubelet/programs/process.ts";
import { script } from "#kubelet/programs/script.ts";
import { Input } from "#kubelet/programs/shell/input.ts";
import { Shell } from "#kubelet/programs/shell/interpret.ts";

const run = (argv: readonly string[]): Process =>
  script(
    undefined,
    [],
  )({
    argv,
    env: { NAME: "web", PATH: "/bin" },
    files: { "/data/a.txt": "one\ntwo\n", "/data/b.txt": "b\n", "/data/c.log": "" },
    hostname: "box",
    ports: [],
    startedMs: Date.parse("2026-11-23T20:15:04Z"),
  });
const box = run(["sleep", "infinity"]);

test.each<[string, string, number?]>([
  // Text that is no script ends the shell that reads it, and no other.
  ["eval 'if'; echo no", 'sh: syntax error: unexpected end of file (expecting "then")\n', 2],
  ["sh -c 'if' 2>/dev/null; echo $?; (eval 'if') 2>/dev/null; echo $?", "2\n2\n"],
  ["echo 'if' > /f; sh /f 2>/dev/null; echo $?; . /f 2>/dev/null; echo no", "2\n", 2],
  [
    "trap 'if' EXIT; echo a 2>/dev/null",
    'a\nsh: syntax error: unexpected end of file (expecting "then")\n',
    2,
  ],
  ["for i in 1 2; do sh -c 'echo a; break'; echo $i; done", "a\n1\na\n2\n"],
  // Names that every object has are no commands.
  ["constructor 2>/dev/null; echo $?", "127\n"],
  // Pipes and loops.
  ["printf 'a\\nb\\n' | while read x; do echo got $x; done", "got a\ngot b\n"],
  ['echo x | read v; echo "[$v]"', "[]\n"],
  ["while true; do echo y; done | head -n 2", "y\ny\n"],
  ['cat /data/a.txt | while read -r l; do echo "$l"; done | wc -l', "2\n"],
  [
    "for i in 1 2 3; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done",
    "1a\n2a\n3a\n",
  ],
  ["i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done", "1\n2\n3\n"],
  ["i=3; until [ $i -eq 0 ]; do i=$(( i - 1 )); done; echo $i", "0\n"],
  [
    "for f in /data/*.txt; do echo $f; done; cd /data; echo *.txt *.nope",
    "/data/a.txt\n/data/b.txt\na.txt b.txt *.nope\n",
  ],
  ["false | true; echo $?; set -o pipefail; false | true; echo $?", "0\n1\n"],
  ["! true; echo $?", "1\n"],
  // Streams.
  ["cat /nosuch 2>/dev/null; echo $?", "1\n"],
  [
    "cat /nosuch 2>/tmp/err; cat /tmp/err",
    "cat: can't open '/nosuch': No such file or directory\n",
  ],
  ["cat /nosuch 2>&1 | wc -l", "1\n"],
  ["{ echo out; echo err >&2; } > /tmp/o 2>&1; cat /tmp/o", "out\nerr\n"],
  ["{ echo a; echo b; } >> /tmp/l; (echo c) >> /tmp/l; cat /tmp/l", "a\nb\nc\n"],
  ["exec > /tmp/all; echo hidden; exec > /dev/stderr; cat /tmp/all", "hidden\n"],
  ['while read l; do echo "<$l>"; done < /data/a.txt', "<one>\n<two>\n"],
  ["cat <<EOF\nhello $NAME $((1+1)) $(echo sub)\n\\$NAME\nEOF", "hello web 2 sub\n$NAME\n"],
  ["cat <<'EOF'\n$NAME\nEOF\necho after", "$NAME\nafter\n"],
  ["cat <<-EOF | grep two\n\tone\n\ttwo\n\tEOF", "two\n"],
  ['cat > /tmp/f <<EOF\nx: "1"\nEOF\ncat /tmp/f', 'x: "1"\n'],
  ["echo a > /tmp/x; > /tmp/x; wc -c < /tmp/x", "0\n"],
  // Words.
  ["echo ${NAME} ${NOPE:-none} ${NOPE-none} ${NAME:+set} ${#NAME}", "web none none set 3\n"],
  [
    "f=/a/b/c.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#/a}",
    "c.tar.gz /a/b/c.tar /a/b/c /b/c.tar.gz\n",
  ],
  ["v=a-b-c; echo ${v/-/+} ${v//-/+} ${v:2} ${v:2:1}", "a+b-c a+b+c b-c b\n"],
  ["echo ${NEW:=made} $NEW", "made made\n"],
  ["echo ${NOPE:?is missing}; echo no", "sh: NOPE: is missing\n", 2],
  ["a='x  y'; echo $a; echo \"$a\"", "x y\nx  y\n"],
  ["P=/bin:/usr; IFS=:; for p in $P; do echo $p; done", "/bin\n/usr\n"],
  ['echo "$(echo "in $(echo deep)")" `echo old`', "in deep old\n"],
  [
    "echo $((2 + 3 * 4)) $(( (2+3)*4 )) $((7/2)) $((7%4)) $((1<2 && 3>2)) $((5>3?10:20))",
    "14 20 3 3 1 10\n",
  ],
  ["x=5; echo $((x++)) $x $((x+=2)) $((-x))", "5 6 8 -8\n"],
  ["echo $((1/0)); echo no", "sh: divide by zero\n", 2],
  ["echo 'a'\"b\"c\\ d", "abc d\n"],
  ["echo ~ ~/x", "/root /root/x\n"],
  [
    'set -- a \'b c\' d; echo $# $2; shift; echo $1; for x in "$@"; do echo "[$x]"; done',
    "3 b c\nb c\n[b c]\n[d]\n",
  ],
  ['A=1 env | grep ^A=; echo "[$A]"', "A=1\n[]\n"],
  // Choices.
  ["case web-1 in db*) echo db;; web-[0-9]|x) echo web;; *) echo other;; esac", "web\n"],
  ["case $NAME in\n  (web)\n    echo yes\n    ;;\nesac", "yes\n"],
  [
    "if [ -f /data/a.txt ] && ! [ -d /data/a.txt ]; then echo file; elif true; then echo no; fi",
    "file\n",
  ],
  ["[ 1 -eq 1 -a 2 -gt 1 ] && [ a = b -o -n x ] && echo both", "both\n"],
  ["if false; then echo no; fi; echo $?", "0\n"],
  // Functions.
  ["f() { echo $1 $#; return 3; }; f a b; echo $?", "a 2\n3\n"],
  ["f() { local x=in; y=out; }; x=1; f; echo $x $y", "1 out\n"],
  ["f() { g; echo f; }; g() { echo g; }; f", "g\nf\n"],
  ["f() { f; }; f", "sh: maximum function recursion depth exceeded\n", 2],
  ["(x=2; cd /data; exit 4); echo $? [$x] $PWD", "4 []\n"],
  [
    "eval 'x=5; echo $x'; . /data/nosuch",
    "5\nsh: .: can't open '/data/nosuch': No such file or directory\n",
    2,
  ],
  ["sh -c 'echo $0 $1' name arg", "name arg\n"],
  // How it ends.
  ["set -e; false || echo caught; if false; then :; fi; false; echo no", "caught\n", 1],
  ["set -eu; echo $NOPE; echo no", "sh: NOPE: parameter not set\n", 2],
  ["set -x; echo a b", "+ echo a b\na b\n"],
  ["trap 'echo bye' EXIT; echo hi; exit 3", "hi\nbye\n", 3],
  ["true && false || echo last; echo $?", "last\n0\n"],
  // In the background.
  ["sleep 1 && echo late & echo soon; wait; echo all", "soon\nlate\nall\n"],
  ["(exit 7) & wait $!; echo $?", "7\n"],
  [
    "(while true; do echo tick; sleep 1; done) & p=$!; sleep 2; kill $p; echo end",
    "tick\ntick\nend\n",
  ],
  ["timeout 2 sleep 10; echo $?", "143\n"],
  ["printf '1 2\\n3' | xargs -n 1 echo n", "n 1\nn 2\nn 3\n"],
  ["command -v cat nosuch; echo $?; type sleep", "/bin/cat\n127\nsleep is /bin/sleep\n"],
  // What it cannot read.
  ["for 1 in a", "sh: syntax error: bad for loop variable\n", 2],
  ["echo a; done", 'sh: syntax error: unexpected "done"\n', 2],
  ["(echo a", 'sh: syntax error: unexpected end of file (expecting ")")\n', 2],
  ["echo a | ; b", 'sh: syntax error: unexpected ";"\n', 2],
  ["case x in", 'sh: syntax error: unexpected end of file (expecting "esac")\n', 2],
])("%s", (text, output, code = 0) => {
  expect(box.exec(["sh", "-c", text], 0)).toEqual({ code, output });
});

/** `<seconds> <line>`. */
const timeline = (text: string, seconds: number): readonly string[] =>
  [...run(["sh", "-c", text]).lines(0, seconds * 1000)].map(
    ({ atMs, text: line }) => `${Math.floor(atMs / 1000)} ${line}`,
  );

test.each<[string, number, readonly string[]]>([
  ["while true; do echo tick; sleep 5; done", 11, ["0 tick", "5 tick", "10 tick"]],
  [
    "(while true; do echo side; sleep 3; done) & while true; do echo main; sleep 4; done",
    9,
    ["0 side", "0 main", "3 side", "4 main", "6 side", "8 main"],
  ],
  [
    "(sleep 2; echo one) & (sleep 1; echo two) & wait; echo three",
    9,
    ["1 two", "2 one", "2 three"],
  ],
  [
    "while true; do date +%s; sleep 2; done | while read t; do echo got; done",
    5,
    ["0 got", "2 got", "4 got"],
  ],
  [
    'i=0; while true; do echo "$i" >> /tmp/log; i=$((i+1)); sleep 1; done & sleep 3; cat /tmp/log',
    9,
    ["3 0", "3 1", "3 2"],
  ],
  ["sleep 1 & sleep infinity", 9, []],
])("in time: %s", (text, seconds, lines) => {
  expect(timeline(text, seconds)).toEqual(lines);
});

test.each<[string, string]>([
  ["eval 'if'", 'sh: syntax error: unexpected end of file (expecting "then")'],
  ["echo a; done", 'sh: syntax error: unexpected "done"'],
  [". /nosuch", "sh: .: can't open '/nosuch': No such file or directory"],
  ["echo ${NOPE:?is missing}", "sh: NOPE: is missing"],
])("a shell somebody types into goes on after %s", (typed, said) => {
  const input = new Input(false);
  input.text = `${typed}\necho $?\n`;
  input.closed = true;
  const shell = new Shell({
    hostname: "box",
    startedMs: 0,
    variables: new Map(),
    files: new Map(),
    serves: () => false,
    input,
  });
  const lines = [...shell.interactive("sh")].flatMap(({ text }) => text ?? []);
  expect(lines).toEqual([said, "2"]);
});

/** What commands in a container print and leave behind, as busybox's do. */
import { expect, test } from "vitest";
import { script } from "#kubelet/programs/script.ts";

const files = { "/etc/app/mode": "fast\n", "/data/a": "one\ntwo\nthree\n", "/data/b": "b\n" };
const box = script(
  undefined,
  [],
)({
  argv: ["sleep", "infinity"],
  env: { NAME: "web", PATH: "/bin" },
  files,
  hostname: "box",
  ports: [],
  startedMs: Date.parse("2026-11-23T20:15:04Z"),
});

test.each<[string, string, number?]>([
  ["echo -n a; echo b", "ab\n"],
  ["printf 'no end'", "no end"],
  ["cat /data/b /data/nosuch", "cat: can't open '/data/nosuch': No such file or directory\nb\n", 1],
  ["cat /data", "cat: read error: Is a directory\n", 1],
  ["cd /data; pwd; cat b", "/data\nb\n"],
  ["cd /nosuch || echo no", "sh: cd: can't cd to /nosuch: No such file or directory\nno\n"],
  ["cd /data/../etc/./app && pwd", "/etc/app\n"],
  ["ls /data", "a\nb\n"],
  ["ls /data /etc/app", "/data:\na\nb\n\n/etc/app:\nmode\n"],
  ["ls -l /data/b", "-rw-r--r--    1 root     root             2 Nov 23 20:15 /data/b\n"],
  [
    "mkdir -p /new/deep && ls /new; rm -r /new; ls /new",
    "deep\nls: /new: No such file or directory\n",
    1,
  ],
  ["mkdir /data", "mkdir: can't create directory '/data': File exists\n", 1],
  ["rm /data", "rm: '/data' is a directory\n", 1],
  ["cp /data/a /tmp; mv /tmp/a /tmp/c; ls /tmp; cat /tmp/c | wc -l", "c\n3\n"],
  ["cp /data /tmp", "cp: omitting directory '/data'\n", 1],
  ["cp -r /data /tmp && find /tmp -name a", "/tmp/data/a\n"],
  ["echo x > /tmp/x; echo y >> /tmp/x; cat < /tmp/x", "x\ny\n"],
  ["cat < /nosuch; echo $?", "sh: can't open /nosuch: no such file\n1\n"],
  ["head -n 1 /data/a; tail -1 /data/a; tail -n +2 /data/a", "one\nthree\ntwo\nthree\n"],
  ["grep -v t /data/a; grep -c ^t /data/a; grep nosuch /data/a", "one\n2\n", 1],
  ["grep -n 't[wh]' /data/a; grep -oE '[a-z]{3}$' /data/a", "2:two\n3:three\none\ntwo\nree\n"],
  ["grep -E 'one|two' /data/a | grep -v ^o; grep -ic T /data/a; grep -w on /data/a", "two\n2\n", 1],
  [
    "sed 's/o/0/' /data/a | head -n 2; sed -n '2p' /data/a; sed '/one/d;s/e\\(.\\)/<\\1>/' /data/a",
    "0ne\ntw0\ntwo\ntwo\nthr<e>\n",
  ],
  [
    "sed -E 's#(t)(w|h)#\\2\\1#g' /data/a; sed -i 's/.*/x/' /data/b; cat /data/b",
    "one\nwto\nhtree\nx\n",
  ],
  [
    "echo 'a:b:c' | cut -d: -f1,3; echo abc | cut -c2-; echo 'A b' | tr 'A-Z ' 'a-z_'; echo aab | tr -d a",
    "a:c\nbc\na_b\nb\n",
  ],
  [
    "printf 'x 1\\ny 2\\n' | awk '{print $2, $1}'; printf 'a:b\\nc:d\\n' | awk -F: 'NR==2 {print $NF \"!\"}'; awk '/w/' /data/a",
    "1 x\n2 y\nd!\ntwo\n",
  ],
  [
    "printf 'a\\na\\nb\\n' | uniq -c; basename /a/b.txt .txt; dirname /a/b",
    "      2 a\n      1 b\nb\n/a\n",
  ],
  [
    "[ 1 -eq 1 -a 2 -gt 3 ] || echo no; [ a = b -o -n x ] && echo yes; [ ! -f /nosuch ] && echo none",
    "no\nyes\nnone\n",
  ],
  [
    "printf '%-5s|%3d|%05.1f\\n' ab 7 2.25 c 8 3; printf '%s\\n' a b",
    "ab   |  7|002.3\nc    |  8|003.0\na\nb\n",
  ],
  ["id -u; whoami; uname -sm; nproc; hostname", "0\nroot\nLinux x86_64\n4\nbox\n"],
  [
    "df / | head -n 1; df -h | wc -l; free -m | grep -c Mem; top -b -n1 | grep -c COMMAND",
    "Filesystem           1K-blocks      Used Available Use% Mounted on\n4\n1\n1\n",
  ],
  ["sort -r /data/a", "two\nthree\none\n"],
  ["wc -lc /data/a", "        3        14 /data/a\n"],
  ["tar cf - -C /data a | tar tf -", "a\n"],
  [
    "mkdir /out; tar cf - /data | tar xf - -C /out; cat /out/data/b",
    "tar: removing leading '/' from member names\nb\n",
  ],
  ["echo oops >&2 | wc -c", "oops\n0\n"],
  ["echo 'one two' > /tmp/l; read line < /tmp/l; echo \"got $line\"", "got one two\n"],
  ["kill 5", "sh: can't kill pid 5: No such process\n", 1],
  ["nosuch", "sh: nosuch: not found\n", 127],
  ["if", 'sh: syntax error: unexpected end of file (expecting "then")\n', 2],
])("%s", (text, output, code = 0) => {
  expect(box.exec(["sh", "-c", text], 0)).toEqual({ code, output });
});

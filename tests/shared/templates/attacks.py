"""Attacks: templates that want time, memory, or what lies outside of them.

Run as a program, which the machine ends if one of them gets it.
Every one is either refused or gives a text of half a megabyte at most. Prints how many there were.
"""

import resource
import sys

from shared.templates import templates, work
from shared.templates.templates import BadTemplate, TemplateFailed

CPU_SECONDS, MEMORY = 60, 300 * 1024 * 1024
VARIABLES = ("a.*", "s.*", "s", "l", "n", "l.*", "n.*", "o")
VALUES: dict[str, templates.Value] = {"a": {"k": "v"}, "s": "s" * 16_000, "l": ["x" * 100] * 500, "n": 7}
VALUES["o"] = {f"k{number}": "v" * 100 for number in range(5_000)}

GROWTH = {
    f"{name} again and again": "{{ s" + f" | {name}: 's', 'ssssssssssssssssssssssss'" * 8 + " | size }}"
    for name in ("replace", "replace_first", "replace_last")
}
CHAINS = {
    f"{name} in a chain": "{{ s" + f" | {name}" * (90_000 // (len(name) + 3)) + " }}"
    for name in (
        "escape",
        "url_encode",
        "base64_encode",
        "upcase",
        "newline_to_br",
        "split: ''",
        "append: s",
        "sort",
        "uniq",
    )
}
LOOPS = {
    "loops in a row": "{% for i in (1..999) %}{% endfor %}" * 2_000,
    "loops in loops": "{% for i in (1..31) %}{% for j in (1..31) %}{% endfor %}{% endfor %}" * 200,
    "a loop of assignments": "{% for i in (1..999) %}"
    + "".join(f"{{% assign a{n} = s %}}" for n in range(4_000))
    + "{% endfor %}",
    "a loop of conditions": "{% for i in (1..999) %}{% if n " + "and n " * 1_000 + "%}{% endif %}{% endfor %}",
    "a loop in thirty": "{% for i in (1..3) %}" * 29 + "x" + "{% endfor %}" * 29,
    "a table in a table": "{% tablerow i in (1..999) %}" * 2 + "x" + "{% endtablerow %}" * 2,
    "a loop of captures": "{% for i in (1..40) %}{% capture x %}{{ s }}{{ x }}{{ x }}{% endcapture %}{% endfor %}",
    "a loop that doubles a list": "{% assign x = l %}{% for i in (1..40) %}{% assign x = x | concat: x %}{% endfor %}",
    "a loop that squares": "{% assign x = 9 %}{% for i in (1..40) %}{% assign x = x | times: x %}{% endfor %}{{ x }}",
    "a loop over a billion": "{% for i in (1..1000000000) %}x{% endfor %}",
    "a loop over a billion, backwards": "{% for i in (1..1000000000) reversed %}x{% endfor %}",
    "a cycle": "{% for i in (1..999) %}{% cycle s, s %}{% endfor %}",
    "changes": "{% for i in (1..999) %}{% ifchanged %}{{ i }}{{ s }}{% endifchanged %}{% endfor %}",
    "counters": "{% increment x %}{% decrement y %}" * 2_500,
}
SIZES = {
    "a range as a text": "{% assign x = (1..100000000) %}{{ x | join: '' | size }}",
    "a range in reverse": "{{ (1..100000000) | reverse | first }}",
    "a range sorted": "{{ (1..100000000) | sort | first }}",
    "a range summed": "{{ (1..100000000) | sum }}",
    "a range printed": "{{ (1..100000000) }}",
    "ranges found in": "{% for i in (1..24) %}" + "{% if (1..999) contains s %}{% endif %}" * 2_200 + "{% endfor %}",
    "a range of a variable": "{% assign m = 100000000 %}{% for i in (1..m) reversed %}{% endfor %}",
    "a range found in": "{% if (1..100000000) contains 'x' %}x{% endif %}",
    "a list joined by a long text": "{{ l | join: s }}",
    "a list of lists": "{{ s | split: '' | join: s }}",
    "a slice": "{{ s | slice: 0, 1000000000000 }}",
    "a cut": "{{ s | truncate: 100000000000, s }}{{ s | truncatewords: 100000000000 }}",
    "a width": "{{ '2026-01-01' | date: '%1000000000d' }}",
    "a number of many digits": "{{ 1" + "0" * 5_000 + " }}",
    "a product of many digits": "{{ 99999999999999999999"
    + " | times: 99999999999999999999999999999999999999" * 300
    + " }}",
    "a power": "{{ '1e400000' | number }}{{ '1e400000' | times: 1 }}",
    "a rounding": "{{ 1.5 | round: 1000000000 }}{{ '9e999' | ceil }}",
    "infinity": "{{ 'inf' | number }}{{ 'nan' | money: 'EUR' }}",
    "a large text": "s" * work.MAX_SOURCE,
    "a large text ten times": "{% for i in (1..10) %}" + "s" * 90_000 + "{% endfor %}",
}
DOUBLED = "{% assign x = 'aaaaaaaa' %}" + "{% assign x = x | append: x %}" * 12
COMPARISONS = {
    "a long text in a long text": DOUBLED
    + "{% assign y = x | slice: 0, 12000 | append: '!' %}{% for i in (1..18) %}"
    + "{% if x contains y %}{% endif %}" * 2_900
    + "{% endfor %}",
    "objects of thousands of keys": "{% for i in (1..20) %}" + "{% if o == o %}{% endif %}" * 3_300 + "{% endfor %}",
    "captures of a long text": "".join(f"{{% capture c{n} %}}{{{{ s }}}}!{{% endcapture %}}" for n in range(2_300)),
}
DEPTHS = {
    "conditions": "{% if n %}" * 2_000 + "{% endif %}" * 2_000,
    "brackets": "{{ a" + "[a.k" * 5_000 + "]" * 5_000 + " }}",
    "dots": "{{ a" + ".k" * 40_000 + " }}",
    "an expression": "{% if n " + " and n" * 15_000 + " %}x{% endif %}",
    "cases": "{% case n %}" + "{% when 1 %}x" * 7_000 + "{% endcase %}",
    "braces": "{{" * 40_000,
    "open tags": "{%" * 40_000,
    "raw": "{% raw %}" * 10_000,
    "docs": "{% doc %}" * 10_000,
    "many spaces": ("{{ n" + " " * 199 + "n }}") * 450,
    "spaces before nothing": ("{{" + " " * 1_990 + "}}") * 50,
    "long names": ("{{ " + "n" * 1_990 + " }}") * 50,
    "comments": "{% comment %}" * 7_000 + "{% endcomment %}" * 100,
    "spaces": "{{" + " " * 90_000 + "n }}",
    "quotes": "{{ '" * 20_000,
    "strange characters": "{{ \x00\ud7ff\u202e n }}\x00",
}
REACHES = {
    "a class": "{{ s.__class__.__mro__ }}{{ a.__class__ }}{{ n.real.__class__ }}",
    "methods": "{{ s.upper }}{{ s.format }}{{ a.keys }}{{ a.pop }}",
    "items": "{{ a['__class__'] }}{{ l.append }}",
    "the globals": "{{ s | map: '__globals__' }}{{ l | map: '__class__' | first }}",
    "files": "{% include '/etc/passwd' %}",
    "other files": "{% render '../../etc/passwd' %}",
    "the interpreter": "{% layout 'x' %}{% extends 'x' %}{% macro x %}{% endmacro %}",
    "the clock": "{{ 'now' | date: 'long' }}",
    "the reader": "{% assign locale = 'x' %}{{ '2026-01-01' | date }}",
}
ATTACKS = GROWTH | CHAINS | LOOPS | SIZES | COMPARISONS | DEPTHS | REACHES


def main() -> None:
    """Try all. Ends with an error when one gives too much, or something else than a refusal."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name, source in ATTACKS.items():
        sys.stderr.write(f"{name}\n")
        for kind in ("text", "html"):
            try:
                text = templates.read(source, kind=kind, variables=VARIABLES).render(VALUES)
            except (BadTemplate, TemplateFailed) as refused:
                if isinstance(refused.__cause__, MemoryError):
                    sys.exit(f"{name}: all the memory there is")
                continue
            if len(text) > work.MAX_OUTPUT or "<class" in text or "root:" in text:
                sys.exit(f"{name}: {text[:200]}")
    print(len(ATTACKS))


if __name__ == "__main__":
    main()

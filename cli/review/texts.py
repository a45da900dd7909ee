"""Words of the review page in Kazakh, Russian and English."""

from __future__ import annotations

from typing import Final

from cli.lang import Lang
from cli.review.texts_pages import PAGE_TEXTS

_TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    # key: (kk, ru, en)
    "overview": ("Шолу", "Обзор", "Overview"),
    "queue": ("Кезек", "Очередь", "Queue"),
    "next": ("Келесі парақ", "Следующий лист", "Next sheet"),
    "waiting": ("Адамды күтіп тұр", "Ждут человека", "Wait for a person"),
    "nothing": ("Күтіп тұрған парақ жоқ.", "Листов в очереди нет.", "No sheet is waiting."),
    "not_for_you": (
        "Қазір сізге парақ жоқ: қалғанын басқа адамдар енгізеді немесе шешеді.",
        "Для вас сейчас листов нет: оставшиеся введут или решат другие люди.",
        "There is no sheet for you now: other people have to type or decide what is left.",
    ),
    "alone_here": (
        (
            "Екінші адам осы компьютерде енгізсе, бетті тоқтатып (Ctrl-C), оның атымен қайта ашыңыз (--reader); "
            "телефондар үшін --host қосыңыз. Екінші адам болмаса, «Адамдар» бетінде бір енгізуді таңдаңыз."
        ),
        (
            "Чтобы второй человек вводил на этом компьютере, остановите страницу (Ctrl-C) и откройте с его именем "
            "(--reader); для телефонов добавьте --host. Если его нет, выберите один ввод на странице «Люди»."
        ),
        (
            "For a second person on this computer, stop the page (Ctrl-C) and open it with their name (--reader); "
            "for phones add --host. If there is nobody else, choose one entry on the page People."
        ),
    ),
    "blind": (
        "Қағазда не жазылса, соны теріңіз. Бағдарлама оқыған сан әдейі көрсетілмейді. Қосындыны түзетпеңіз.",
        "Вводите то, что написано на бумаге. Прочитанное программой нарочно скрыто. Не исправляйте суммы.",
        "Type what the paper says. What the program read is hidden on purpose. Do not repair sums.",
    ),
    "contest": ("Дауыс беру", "Голосование", "Contest"),
    "whole_page": ("Бүкіл бет", "Вся страница", "Whole page"),
    "turn": ("Бұру", "Повернуть", "Turn"),
    "no_crop": (
        "Бұл жол суретте табылмады: бүкіл бетті қараңыз.",
        "Эта строка на снимке не найдена: смотрите всю страницу.",
        "This row was not found in the picture: look at the whole page.",
    ),
    "save": ("Сақтау", "Сохранить", "Save"),
    "skip": ("Өткізіп жіберу", "Пропустить", "Skip"),
    "aside_title": ("Бұл парақты теру мүмкін емес", "Этот лист нельзя ввести", "This sheet cannot be typed"),
    "illegible": ("оқылмайды", "не разобрать", "unreadable"),
    "dash": ("сызықша", "прочерк", "dash"),
    "struck": ("сызылған", "зачёркнуто", "struck"),
    "blank": ("бос", "пусто", "blank"),
    "keyboard": (
        "Пернелер: сан, Enter — келесі; N оқылмайды, D сызықша, S сызылған, B бос, Z үлкейту.",
        "Клавиши: цифры, Enter — дальше; N не разобрать, D прочерк, S зачёркнуто, B пусто, Z увеличить.",
        "Keys: digits, Enter for the next; N unreadable, D dash, S struck, B blank, Z zoom.",
    ),
    "empty_fields": (
        "Толтырылмаған жолдар бар: сан теріңіз немесе белгі қойыңыз.",
        "Есть пустые строки: введите число или отметьте, что на бумаге.",
        "Some rows are empty: type the number, or mark what the paper shows.",
    ),
    "bad_value": ("Сан немесе N, D, S, B керек.", "Нужно число или N, D, S, B.", "A number, or N, D, S, B."),
    "too_large": (
        "Бұл жол үшін тым үлкен сан.",
        "Слишком большое число для этой строки.",
        "Too large for this row.",
    ),
    "other_district": (
        "Бұл парақ басқа округтікі: дауыс беруді таңдаңыз немесе парақты алып қойыңыз.",
        "Лист другого округа: выберите голосование выше или отложите лист.",
        "This sheet is of another district: choose the contest above, or set the sheet aside.",
    ),
    "region": ("Өңір", "Регион", "Region"),
    "saved": ("Сақталды", "Сохранено", "Saved"),
    "findings": ("Байқаулар", "Наблюдения", "Findings"),
    "no_findings": ("Байқау жоқ.", "Наблюдений нет.", "There are no findings."),
    "hidden": (
        "Әлі енгізілмеген парақтар туралы байқаулар енгізілген соң көрсетіледі:",
        "Наблюдения о листах, которые ещё не введены, будут показаны после ввода:",
        "Findings about sheets that are still to be typed are shown after they are typed:",
    ),
    "candidate": ("Кандидат", "Кандидат", "Candidate"),
    "sum": ("Қосынды", "Сумма", "Sum"),
    "photos": ("Фотолар", "Фото", "Photos"),
    "quarantined": ("Карантинде", "В карантине", "Quarantined"),
    "not_read": ("Әлі оқылмаған", "Ещё не прочитано", "Not read yet"),
    "unread_sums": (
        "Әлі оқылмаған, қосындыларда жоқ фото:",
        "Ещё не прочитано и не вошло в суммы, фото:",
        "Photos not read yet, which the sums lack:",
    ),
    "file": ("Файл", "Файл", "File"),
    "error": ("Болмады", "Не получилось", "That did not work"),
    "back": ("Артқа", "Назад", "Back"),
}

_INDEX = {Lang.KK: 0, Lang.RU: 1, Lang.EN: 2}


def texts(lang: Lang) -> dict[str, str]:
    """All texts of the page in one language."""
    return {key: entry[_INDEX[lang]] for key, entry in (_TEXTS | PAGE_TEXTS).items()}

"""Words of bundles; part of the table in cli.words."""

from __future__ import annotations

from typing import Final

BUNDLE_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # key: (kk, ru, en)
    "bundle_manifest": ("тізімдеме", "опись", "manifest"),
    "bundle_ledger": ("журнал", "журнал", "ledger"),
    "bundle_original": ("түпнұсқа", "оригинал", "original"),
    "bundle_reading": ("оқылым", "прочтение", "reading"),
    "bundle_entry": ("енгізу", "ввод", "entry"),
    "bundle_crop": ("қиынды", "вырезка", "crop"),
    "bundle_cell": ("ұяшық", "ячейка", "cell"),
    "bundle_sum": ("қосынды", "сумма", "sum"),
    "bundle_coverage": ("қамту", "охват", "coverage"),
    "bundle_recomputed": ("қайта есептеу", "пересчёт", "recomputed"),
    "bundle_rules": ("бланк не сайлау файлы", "файл формы или выборов", "form or election file"),
    "bundle_script": ("тексеру құралы", "средство проверки", "means of checking"),
    "bundle_added": ("қосылған файл", "добавленный файл", "added file"),
    "bundle_report": ("есеп", "отчёт", "report"),
    "bundle_checkpoint": ("бақылау нүктесі", "контрольная точка", "checkpoint"),
    "bundle_timestamp": ("уақыт таңбасы", "метка времени", "timestamp"),
    "bundle_signature": ("қолтаңба", "подпись", "signature"),
    "bundle_valid": (
        "Топтама өз ішінде бүтін: ештеңе өзгермеген, қосындылар қайта есептелді.",
        "Пакет внутренне цел: ничего не изменено, суммы пересчитаны.",
        "The bundle is whole in itself: nothing was changed, the sums were added up again.",
    ),
    "bundle_invalid": (
        "Топтамада мәселелер бар; әрқайсысы жоғарыда аталған.",
        "В пакете есть неисправности; каждая названа выше.",
        "The bundle has problems; each is named above.",
    ),
    "bundle_attested": ("жарамды", "действительна", "holds"),
    "bundle_no_attestation": (
        "Уақыт таңбасы да, қолтаңба да жоқ.",
        "Нет ни метки времени, ни подписи.",
        "There is no timestamp and no signature.",
    ),
    "bundle_own_certificates": (
        "Сертификаттар мен кілттер топтаманың өзінен алынды; сенімді көшірмесін --trusted арқылы беріңіз.",
        "Сертификаты и ключи взяты из самого пакета; дайте полученные из надёжного места через --trusted.",
        "Certificates and keys are those of the bundle itself; give ones obtained elsewhere with --trusted.",
    ),
    "bundle_no_pyhanko": (
        "PDF ішіндегі қолтаңба тексерілмеді: pyHanko орнатылмаған.",
        "Подпись внутри PDF не проверена: не установлен pyHanko.",
        "A signature inside a PDF was not checked: pyHanko is not installed.",
    ),
    "last_day": ("соңғы күні", "последний день", "last day"),
    "days_left": ("күн қалды", "осталось дней", "days left"),
    "deadline": ("мерзім", "срок", "term"),
    "state": ("күйі", "состояние", "state"),
    "term_over": ("өтіп кетті", "истёк", "over"),
    "law_confirmed": ("заңгер растаған", "подтверждено юристом", "confirmed by a lawyer"),
    "law_unconfirmed": ("ЗАҢГЕР РАСТАМАҒАН", "НЕ ПОДТВЕРЖДЕНО ЮРИСТОМ", "NOT CONFIRMED BY A LAWYER"),
    "law_not_seen": ("мәтіні көрілмеген", "текст не видели", "its text was not seen"),
    "law_id": ("белгісі", "обозначение", "id"),
    "law_says": ("мазмұны", "что сказано", "what it says"),
    "law_article": ("бап, редакция", "статья, редакция", "article, edition"),
    "bundle_earlier": (
        "hattama-ның бұрынғы нұсқасынан, белгілі болған күні:",
        "из более ранней версии hattama, известен с",
        "is of an earlier hattama, known since",
    ),
    "bundle_own_election": (
        (
            "Сайлау мен оның нысандары топтаманы жасағандікі, hattama-ныкі емес: есеп солар бойынша тексерілді. "
            "data/election ішіндегі файлдарды оқып шығыңыз."
        ),
        (
            "Выборы и их формы заданы составителем пакета, а не hattama: суммы проверены по ним. "
            "Прочтите файлы в data/election."
        ),
        (
            "The election and its forms are those of whoever made the bundle, not of hattama: sums were checked by "
            "them. Read the files in data/election."
        ),
    ),
    "bundle_other_version": (
        (
            "Топтаманы hattama-ның басқа нұсқасы жазған: мәтіндер мен есептегі айырмашылықтар содан болуы мүмкін; "
            "байтқа дейін салыстыру үшін сол нұсқамен тексеріңіз."
        ),
        (
            "Пакет записан другой версией hattama: различия в текстах и отчёте могут идти от этого; "
            "чтобы сравнить до байта, проверьте его той версией."
        ),
        (
            "The bundle was written by another version of hattama: texts and the report may differ for that reason; "
            "to compare to the byte, verify it with that version."
        ),
    ),
    "bundle_public": (
        "Бұл жария көшірме: фотосы мен журналы жоқ, тек хештер, қосындылар және қамту тексерілді.",
        "Это публичная копия: в ней нет фото и журнала, проверены только хеши, суммы и охват.",
        "This is a public copy without photos and history: only hashes, sums and coverage were checked.",
    ),
    "bundle_no_report": (
        "Топтамада қағаз есеп жоқ.",
        "В пакете нет бумажного отчёта.",
        "The bundle has no paper report.",
    ),
    "bundle_no_checkpoint": (
        "Сырттай сақталған бақылау нүктесімен салыстырылмады: тұтас қайта жасалған топтаманы тек сол көрсетеді.",
        "Не сверено с контрольной точкой, хранившейся вне пакета: только она показала бы пакет, переписанный целиком.",
        "Not compared with a checkpoint kept elsewhere: only that would show a bundle rewritten as a whole.",
    ),
}

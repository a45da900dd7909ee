"""The sentences of findings in Kazakh, Russian and English. See tally.texts for how they are filled in.

Sentences avoid grammatical agreement with a number, so that any number fits. They say which two things
cannot both be correct, never who is to blame.
"""

from __future__ import annotations

from collections.abc import Mapping

from tally.texts_published import PUBLISHED

TEXTS: Mapping[str, Mapping[str, str]] = {
    "D1": {
        "kk": (
            "Қолда бар хаттамалар бойынша {name} үшін берілген дауыс саны — {protocols}; ресми қорытынды "
            "({place}) — {official}. Екі санның екеуі бірдей дұрыс бола алмайды: айырмасы — {margin}."
        ),
        "ru": (
            "{name}: число голосов по имеющимся протоколам — {protocols}; официальный итог ({place}) — "
            "{official}. Оба числа сразу верными быть не могут: разница — {margin}."
        ),
        "en": (
            "The protocols in hand hold {protocols} votes for {name}; the official total ({place}) is "
            "{official}. Both cannot be correct, by {margin}."
        ),
    },
    "D1-open": {
        "kk": (
            "{name}: қолда бар хаттамаларда оқылғаны бойынша — {as_read}, ресми сан ({place}) — "
            "{official}. Бұл әлі анықталған жоқ: ашық ұяшықтар мен қайталанған парақтарды ескергенде сан "
            "мына аралықта: {protocols}."
        ),
        "ru": (
            "{name}: по протоколам, как они прочитаны, — {as_read}, официальное число ({place}) — "
            "{official}. Это ещё не установлено: с учётом открытых ячеек и повторов число лежит в "
            "пределах {protocols}."
        ),
        "en": (
            "{name}: as read, the protocols in hand add up to {as_read}; the official number ({place}) "
            "is {official}. This is not established yet: with open cells and repeated sheets the sum "
            "lies in {protocols}."
        ),
    },
    "D2": {
        "kk": (
            "Қолда бар хаттамалар бойынша «{name}» көрсеткіші — {protocols}; ресми сан ({place}) — "
            "{official}. Бөлігі бүтіннен артық бола алмайды: айырмасы — {margin}."
        ),
        "ru": (
            "По имеющимся протоколам показатель «{name}» — {protocols}; официальное число ({place}) — "
            "{official}. Часть не может быть больше целого: разница — {margin}."
        ),
        "en": (
            "In the protocols in hand, '{name}' adds up to {protocols}; the official number ({place}) is "
            "{official}. A part cannot exceed the whole; the excess is {margin}."
        ),
    },
    "D3": {
        "kk": (
            "Екі дерек те дұрыс болса, қолда жоқ учаскелердегі дауыс саны ({name}) кемінде {residual}, "
            "ал ол учаскелерге қалатын жарамды бюллетень ең көбі {room} ({place}). Айырмасы — {margin}."
        ),
        "ru": (
            "Если верны и протоколы, и официальный итог, то на остальных участках число голосов ({name}) "
            "не меньше {residual}, а действительных бюллетеней на них остаётся не больше {room} "
            "({place}). Разница — {margin}."
        ),
        "en": (
            "If both the protocols and the official totals are correct, the other precincts gave {name} "
            "at least {residual} votes, but at most {room} valid ballots are left for them ({place}). "
            "The excess is {margin}."
        ),
    },
    "D7": {
        "kk": (
            "Барлық учаскенің хаттамасы қолда бар ({precincts}). Олардың қосындысы: {name} — "
            "{protocols}; ресми сан ({place}) — {official}. Айырмасы — {margin}."
        ),
        "ru": (
            "Имеются протоколы всех участков ({precincts}). Их сумма: {name} — {protocols}; официальное "
            "число ({place}) — {official}. Разница — {margin}."
        ),
        "en": (
            "The protocols of all precincts are in hand ({precincts}). They add up to {protocols} for "
            "{name}; the official number ({place}) is {official}. The difference is {margin}."
        ),
    },
    "R1": {
        "kk": (
            "Қолда бар хаттамалар да, жарияланған қорытынды да дұрыс болса, қолда жоқ учаскелерде "
            "берілген дауыс саны мынадай: {a} — {ua}, {b} — {ub} ({place}). Екеуінің дауысындағы үлесі "
            "({a}): қолда бар хаттамаларда {seen} %, ресми {published} %, қалған учаскелерде {unseen} %."
        ),
        "ru": (
            "Если верны и имеющиеся протоколы, и опубликованный итог, то число голосов на остальных "
            "участках таково: {a} — {ua}, {b} — {ub} ({place}). Доля в голосах за двоих ({a}): в "
            "имеющихся протоколах {seen} %, официально {published} %, на остальных участках {unseen} %."
        ),
        "en": (
            "If the protocols in hand and the published result are both correct, the precincts not in "
            "hand gave {a} {ua} and {b} {ub} votes ({place}). The share of {a} in the votes for the two "
            "is {seen} % in hand, {published} % officially and {unseen} % in the rest."
        ),
    },
    "gamma": {
        "kk": (
            "Ол үшін дауыстың қолда бар учаскеден шығу мүмкіндігінің қатынасы (odds) «{a}» үшін «{b}» "
            "үшін болғаннан {gamma} есе жоғары болуы керек (Γ)."
        ),
        "ru": (
            "Для этого шансы (odds) голоса оказаться на имеющемся участке должны быть для «{a}» в "
            "{gamma} раза выше, чем для «{b}» (Γ)."
        ),
        "en": (
            "For that, a vote for {a} must have had {gamma} times the odds of a vote for {b} of lying in "
            "a precinct in hand (Gamma)."
        ),
    },
    "as-read": {
        "kk": "Үлестер оқылған сандар бойынша берілген, ашық ұяшықтар оларды өзгерте алады.",
        "ru": "Доли даны по числам, как они прочитаны; открытые ячейки могут их изменить.",
        "en": "Shares are those of the numbers as read; open cells can change them.",
    },
    "not-random": {
        "kk": (
            "Қолда бар учаскелер кездейсоқ таңдалмаған, бұл тұжырым да оны болжамайды. Ол қай санның "
            "қате екенін көрсетпейді. Мәселені қалған учаскелердің хаттамалары шешеді."
        ),
        "ru": (
            "Имеющиеся участки выбраны не случайно, и это утверждение случайности не предполагает. Оно "
            "не показывает, какое число неверно. Вопрос решат протоколы остальных участков."
        ),
        "en": (
            "The precincts in hand were not chosen at random, and this statement does not assume that "
            "they were. It does not show which figure is wrong. The protocols of the other precincts "
            "would settle it."
        ),
    },
    "some-rows": {
        "kk": (
            "Ресми сан {known} кандидат бойынша ғана белгілі, сондықтан барлық дауыстағы үлестер туралы "
            "ештеңе айтылмайды."
        ),
        "ru": (
            "Официальные числа известны только по части кандидатов ({known}), поэтому о долях во всех "
            "голосах ничего не говорится."
        ),
        "en": (
            "Official figures are known for some of the candidates only ({known}), so nothing is said "
            "about shares of all votes."
        ),
    },
    "unconfirmed": {
        "kk": "Бұл оқылған сандарды әлі ешкім растаған жоқ.",
        "ru": "Эти показания ещё никто из людей не подтвердил.",
        "en": "No person has confirmed these readings yet.",
    },
    "part-confirmed": {
        "kk": "Адам растаған ұяшықтар: {all} ішінен {sure}.",
        "ru": "Подтверждено людьми ячеек: {sure} из {all}.",
        "en": "Cells confirmed by people: {sure} of {all}.",
    },
    "confirmed": {
        "kk": "Барлық ұяшықты адамдар растаған: {all}.",
        "ru": "Все ячейки подтверждены людьми: {all}.",
        "en": "All cells were confirmed by people: {all}.",
    },
    "S1": {
        "kk": (
            "{file}, учаске № {precinct}: хаттаманың өзі өзіне қайшы. «{says}» ({check}): {left} және "
            "{right}. Хаттамада жазылғаны: {values}."
        ),
        "ru": (
            "{file}, участок № {precinct}: лист противоречит сам себе. «{says}» ({check}): {left} и "
            "{right}. На листе написано: {values}."
        ),
        "en": (
            "{file}, precinct {precinct}: the sheet contradicts itself. '{says}' ({check}): {left} "
            "against {right}. The sheet says: {values}."
        ),
    },
    "S1-open": {
        "kk": (
            "{file}, учаске № {precinct}: оқылғаны бойынша қатынас орындалмайды, бірақ кейбір сан сенімді "
            "оқылмаған. «{says}» ({check}): {left} және {right}. Оқылғаны: {values}."
        ),
        "ru": (
            "{file}, участок № {precinct}: как прочитано, соотношение не выполнено, но не все числа "
            "прочитаны надёжно. «{says}» ({check}): {left} и {right}. Прочитано: {values}."
        ),
        "en": (
            "{file}, precinct {precinct}: as read, a relation does not hold, but not every number is read "
            "with certainty. '{says}' ({check}): {left} against {right}. Read: {values}."
        ),
    },
    "sheet-as-read": {
        "kk": "Бұл — оқылғаны бойынша; бұл сандарды әлі ешкім растаған жоқ.",
        "ru": "Так прочитано; эти показания ещё никто из людей не подтвердил.",
        "en": "This is as read; no person has confirmed these readings yet.",
    },
    "copies-open": {
        "kk": "Айырмашылық бар ұяшықтар сенімді оқылмаған, сондықтан бұл тек белгі.",
        "ru": "Ячейки, в которых есть различие, прочитаны ненадёжно, поэтому это лишь признак.",
        "en": "The cells that differ are not read with certainty, so this is only an indicator.",
    },
    "S2": {
        "kk": (
            "{file}, учаске № {precinct}: әдеттегі қатынас орындалмайды, бұған заңды себеп болуы мүмкін. "
            "«{says}» ({check}): {left} және {right}. Хаттамада жазылғаны: {values}."
        ),
        "ru": (
            "{file}, участок № {precinct}: обычное соотношение не выполнено, для этого бывают законные "
            "причины. «{says}» ({check}): {left} и {right}. На листе написано: {values}."
        ),
        "en": (
            "{file}, precinct {precinct}: a usual relation does not hold; there can be lawful reasons. "
            "'{says}' ({check}): {left} against {right}. The sheet says: {values}."
        ),
    },
    "C1": {
        "kk": (
            "№ {precinct} учаске хаттамасының көшірмелері бір-бірінен өзгеше ({count} нұсқа): {values}. "
            "Бәрі сақталды, қосындыда олардың аралығы алынды."
        ),
        "ru": (
            "Копии протокола участка № {precinct} различаются (вариантов: {count}): {values}. Сохранены "
            "все, в сумме взят весь их диапазон."
        ),
        "en": (
            "Copies of the protocol of precinct {precinct} differ ({count} versions): {values}. All are "
            "kept; the sum takes the range that holds them."
        ),
    },
    "C2": {
        "kk": (
            "Әртүрлі учаске нөмірлері ({precincts}) бірдей дауыс сандарымен тұр: {values}. Бір хаттама "
            "екі рет саналған болуы мүмкін, сондықтан берік қорытындыда ол бір рет алынады."
        ),
        "ru": (
            "Под разными номерами участков ({precincts}) стоят одинаковые числа голосов: {values}. "
            "Возможно, один протокол учтён дважды, поэтому в устойчивых выводах он берётся один раз."
        ),
        "en": (
            "Different precinct numbers ({precincts}) carry identical vote counts: {values}. One "
            "protocol may have been counted twice, so robust findings take it once."
        ),
    },
    "P1": {
        "kk": (
            "{file}: бұл парақта кандидаттар басқа ретпен тұр ({values}). Адам қарағанша оның дауыстары "
            "нөлден шекке дейінгі аралық ретінде алынады."
        ),
        "ru": (
            "{file}: на этом листе кандидаты стоят в другом порядке ({values}). До проверки человеком "
            "его голоса берутся как диапазон от нуля до предела."
        ),
        "en": (
            "{file}: this sheet prints the candidates in another order ({values}). Until a person has "
            "looked, its votes are a range from zero to the ceiling."
        ),
    },
    "P1-lines": {
        "kk": "{file}: бұл парақта кандидат жолдары басқалардан көп ({values}). Дауыстары ашық қалды.",
        "ru": "{file}: на листе больше строк кандидатов, чем на других ({values}). Голоса открыты.",
        "en": "{file}: this sheet has more lines of candidates than others ({values}). Its votes are open.",
    },
    "P2": {
        "kk": (
            "{file}: парақта № {district} округ жазылған, ал іс басқа округке қатысты ({place}). Адам "
            "қарағанша парақ қосындыны тек кеңейте алады."
        ),
        "ru": (
            "{file}: на листе указан округ № {district}, а дело относится к другому ({place}). До "
            "проверки человеком лист может лишь расширить диапазон суммы."
        ),
        "en": (
            "{file}: the sheet names district {district}, but it lies in a case about another ({place}). "
            "Until a person has looked, it can only widen the range of the sum."
        ),
    },
    "O1": {
        "kk": (
            "Ресми сан өзгерді: {name} ({place}) — {before_time} күйі бойынша {before}, {after_time} "
            "күйі бойынша {after}."
        ),
        "ru": (
            "Официальное число изменилось: {name} ({place}) — {before} по состоянию на {before_time}, "
            "{after} по состоянию на {after_time}."
        ),
        "en": (
            "The official figure changed: {name} ({place}) was {before} as of {before_time} and {after} "
            "as of {after_time}."
        ),
    },
    **PUBLISHED,
}
"""Key -> language -> template. Codes of docs/rules.md are whole findings, other keys added sentences."""

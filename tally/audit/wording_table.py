"""The sentences of an audit. They say which printed numbers cannot all be correct, never who is to blame.

As in the catalogues, sentences avoid grammatical agreement with a number.
"""

from __future__ import annotations

from collections.abc import Mapping


def three(kk: str, ru: str, en: str) -> Mapping[str, str]:
    """One sentence in all languages."""
    return {"kk": kk, "ru": ru, "en": en}


TEXTS: Mapping[str, Mapping[str, str]] = {
    "country": three("Бүкіл ел", "По стране", "Whole country"),
    "whole": three("Барлығы", "Итого", "Total"),
    "districts": three("Бірмандатты округтер", "Одномандатные округа", "Single-mandate districts"),
    "at-hour": three("қатысу, сағат {hour}:00", "явка на {hour}:00", "turnout at {hour}:00"),
    "votes-cast": three("барлық дауыс", "все голоса", "all votes"),
    "T1": three(
        "{unit}, «{column}» бағаны: жолдардың қосындысы — {parts}, басылған қорытынды — {total}. Екеуі "
        "бірдей дұрыс бола алмайды: айырмасы — {margin}.",
        "{unit}, столбец «{column}»: строки в сумме дают {parts}, напечатан итог {total}. Оба числа сразу "
        "верными быть не могут: разница — {margin}.",
        "{unit}, column '{column}': the rows add up to {parts}, the printed total is {total}. Both cannot "
        "be correct; the difference is {margin}.",
    ),
    "T1-part": three(
        "{unit}: тексерілген бағандардың ({columns}) бәрінде жолдардың қосындысы басылған қорытындыдан кем, "
        "мысалы «{column}»: {parts} және {total}. Кестеде кейбір жолдар жоқ болуы мүмкін, сондықтан бұл "
        "қайшылық деп саналмайды.",
        "{unit}: во всех проверенных столбцах ({columns}) строки в сумме меньше напечатанного итога, "
        "например «{column}»: {parts} и {total}. Возможно, в таблице приведены не все строки, поэтому "
        "противоречием это не считается.",
        "{unit}: in all columns that were checked ({columns}) the rows add up to less than the printed "
        "total, for instance '{column}': {parts} and {total}. The table may not hold all rows, so this is "
        "not called a contradiction.",
    ),
    "T2": three(
        "{unit}: бөліктердің ({names}) қосындысы — {parts}, ал «{column}» — {total}. Екеуі бірдей дұрыс "
        "бола алмайды: айырмасы — {margin}.",
        "{unit}: части ({names}) в сумме дают {parts}, а «{column}» — {total}. Оба числа сразу верными "
        "быть не могут: разница — {margin}.",
        "{unit}: the parts ({names}) add up to {parts}, but '{column}' is {total}. Both cannot be correct; "
        "the difference is {margin}.",
    ),
    "T2-over": three(
        "{unit}: бөліктердің ({names}) қосындысы — {parts}, бұл «{column}» санынан ({total}) артық. Екеуі "
        "бірдей дұрыс бола алмайды: артығы — {margin}.",
        "{unit}: части ({names}) в сумме дают {parts}, это больше, чем «{column}» ({total}). Оба числа "
        "сразу верными быть не могут: превышение — {margin}.",
        "{unit}: the parts ({names}) add up to {parts}, more than '{column}' ({total}). Both cannot be "
        "correct; the excess is {margin}.",
    ),
    "T3": three(
        "{unit}, {column}: {base} ішінен {count} — {right} %, ал басылғаны {printed} %. Осы сандардың бәрі "
        "бірдей дұрыс бола алмайды.",
        "{unit}, {column}: {count} из {base} — это {right} %, напечатано {printed} %. Все эти числа сразу "
        "верными быть не могут.",
        "{unit}, {column}: {count} of {base} is {right} %, but {printed} % is printed. These numbers cannot "
        "all be correct.",
    ),
    "T4": three(
        "{unit}: бір санның пайыздары бірін-бірі жоққа шығарады. «{a}» жолы бойынша (дауыс {votes_a}, "
        "{percent_a} %) барлық дауыс саны {base_a}; «{b}» жолы бойынша (дауыс {votes_b}, {percent_b} %) — "
        "{base_b}. Екі жол бірдей дұрыс бола алмайды: айырмасы кемінде {gap}.",
        "{unit}: проценты от одного и того же числа исключают друг друга. По строке «{a}» (голосов {votes_a}, "
        "{percent_a} %) всего голосов {base_a}, по строке «{b}» (голосов {votes_b}, {percent_b} %) — "
        "{base_b}. Обе строки сразу верными быть не могут: расхождение не меньше {gap}.",
        "{unit}: percentages of one and the same number exclude each other. By the line of {a} ({votes_a} "
        "votes, {percent_a} %) there were {base_a} votes in all, by the line of {b} ({votes_b} votes, "
        "{percent_b} %) {base_b}. Both lines cannot be correct; they are at least {gap} votes apart.",
    ),
    "T4-region": three(
        "Өңір ({region}) округтерінің дауыс саны бірінші жол бойынша кемінде {low}, екінші жол бойынша "
        "кемінде {high}; сол өңірдің партиялық тізім бойынша бюллетеньдері — {ballots}.",
        "В округах региона ({region}) по первой из этих строк не меньше {low} голосов, по второй — не "
        "меньше {high}; бюллетеней по партийным спискам там же — {ballots}.",
        "With the former line the districts of the region ({region}) hold at least {low} votes, with the "
        "latter at least {high}; its party-list ballots number {ballots}.",
    ),
    "T5": three(
        "{unit}: пайыздардың қосындысы — {total} %. Басылған дәлдікпен дөңгелектеу ең көбі {room} пайыздық "
        "тармақ береді, сондықтан бір бүтіннің үлестері ретінде бұл пайыздардың бәрі бірдей дұрыс бола алмайды.",
        "{unit}: проценты в сумме дают {total} %. Округление до напечатанных знаков объясняет не больше "
        "{room} процентного пункта, поэтому как доли одного целого они все сразу верными быть не могут.",
        "{unit}: the percentages add up to {total} %. Rounding to the printed places explains at most "
        "{room} points, so as shares of one whole they cannot all be correct.",
    ),
    "T5-edge": three(
        "{unit}: пайыздардың қосындысы — {total} %. Басылған дәлдікпен дөңгелектеу {room} пайыздық тармақты "
        "барлық үлес дөңгелектеу шегінде дәл тұрғанда ғана береді, ал {count} дауыстың {percent} %-ы онда "
        "тұра алмайды. Кәдімгі дөңгелектеу кезінде бұл сандардың бәрі бірдей дұрыс бола алмайды.",
        "{unit}: проценты в сумме дают {total} %. Округление до напечатанных знаков объясняет {room} "
        "процентного пункта, только если каждая доля лежит точно на границе округления, а {count} голосов "
        "при {percent} % там лежать не могут. При обычном округлении все эти числа сразу верными быть не "
        "могут.",
        "{unit}: the percentages add up to {total} %. Rounding to the printed places explains {room} points "
        "only if every share lies exactly on the border of rounding, and {count} votes at {percent} % "
        "cannot lie there. With the usual rounding these numbers cannot all be correct.",
    ),
    "T6": three(
        "{unit}: бюллетень — {count}, тізімдегі сайлаушы — {registered}, яғни {right} %, ал қатысу {printed} % "
        "деп басылған. Үш сан бірдей дұрыс бола алмайды: {printed} %-ға бюллетеньдің мына саны сәйкес: "
        "{range}; айырмасы кемінде {margin}.",
        "{unit}: бюллетеней {count}, избирателей в списках {registered}, это {right} %, а явка напечатана "
        "{printed} %. Все три числа сразу верными быть не могут: {printed} % отвечает числу бюллетеней "
        "{range}, разница не меньше {margin}.",
        "{unit}: {count} of {registered} registered voters is {right} %, but the turnout is printed as "
        "{printed} %. The three numbers cannot all be correct: {printed} % stands for {range} ballots, at "
        "least {margin} away.",
    ),
    "T6-hour": three(
        "Дәл осы {printed} % дауыс беру күнінің {hour}:00 уақытына да басылған.",
        "Те же {printed} % напечатаны и для {hour}:00 дня голосования.",
        "The same {printed} % is printed for {hour}:00 of election day.",
    ),
    "T7": three(
        "{unit}: «{small_name}» — {small}, бұл «{great_name}» санынан ({great}) {margin} артық. Сайлаушылар "
        "дауыс беру күні тізімге қосылмаған болса, екеуі бірдей дұрыс бола алмайды.",
        "{unit}: «{small_name}» — {small}, это на {margin} больше, чем «{great_name}» ({great}). Если "
        "избирателей не вносили в списки в день голосования, оба числа сразу верными быть не могут.",
        "{unit}: '{small_name}' is {small}, {margin} more than '{great_name}' ({great}). Unless voters were "
        "added to the lists on the day, both cannot be correct.",
    ),
    "T7-percent": three(
        "{unit}: сайлаушылардың қатысуы {printed} % деп басылған, бұл 100 %-дан артық.",
        "{unit}: явка напечатана {printed} %, это больше 100 %.",
        "{unit}: the turnout is printed as {printed} %, more than 100 %.",
    ),
    "T8": three(
        "{unit}: {earlier} — {before}, ал {later} — {after}. Дауыс бергендердің саны азаймайды, сондықтан "
        "екеуі бірдей дұрыс бола алмайды.",
        "{unit}: {earlier} — {before}, а {later} — {after}. Число проголосовавших не убывает, поэтому оба "
        "числа сразу верными быть не могут.",
        "{unit}: {earlier} is {before}, {later} is {after}. The number of those who voted does not fall, so "
        "both cannot be correct.",
    ),
    "T9": three(
        "Сағат бойынша қатысу: ел бойынша сандар мен пайыздарға сәйкес келетін тізімдегі сайлаушылар саны: "
        "{stages}. Демек, тізім дауыс беру күні кемінде {growth} сайлаушыға өскен; сандардың бәрі бірге "
        "дұрыс бола алады.",
        "Явка по часам: числам и процентам по стране отвечает такое число избирателей в списках: {stages}. "
        "Значит, списки в день голосования выросли не меньше чем на {growth}; все эти числа могут быть "
        "верными вместе.",
        "Turnout by the hour: the national counts and percentages allow these numbers of registered voters: "
        "{stages}. So the lists grew by {growth} at least on the day; all these numbers can be correct "
        "together.",
    ),
    "T9-explained": three(
        "Соңғы тізіммен ({register}) есептегенде өңірлердің пайыздары ел бойынша санмен мына сағаттарда "
        "сәйкес келмейді: {hours}; сол сағаттың өз тізімімен сәйкес келеді. Бұл қайшылық емес.",
        "Если считать по окончательным спискам ({register}), проценты регионов не сходятся с числом по "
        "стране в эти часы: {hours}; со списками того часа сходятся. Противоречия здесь нет.",
        "On the final lists ({register}) the percentages of the regions miss the national count at these "
        "hours: {hours}; on the lists of the hour they meet it. This is not a contradiction.",
    ),
    "T9-before": three(
        "Дауыс беру күніне дейін жарияланған тізім ({register}) бірінші аралықта жатыр.",
        "Списки, опубликованные до дня голосования ({register}), лежат в первом из этих промежутков.",
        "The lists published before election day ({register}) lie in the first of these ranges.",
    ),
    "T9-stage": three(
        "{first}:00–{last}:00 — {range}", "{first}:00–{last}:00 — {range}", "{first}:00–{last}:00 {range}"
    ),
    "T9-national": three(
        "Сағат бойынша қатысу: ел бойынша сандар мен пайыздарға сәйкес келетін тізімдегі сайлаушылар саны: "
        "{stages}. Тізім дауыс беру күні кемімейді және 1 %-дан артық өспейді, сондықтан бұл сандардың бәрі "
        "бірдей дұрыс бола алмайды.",
        "Явка по часам: числам и процентам по стране отвечает такое число избирателей в списках: {stages}. "
        "Списки в день голосования не убывают и не растут больше чем на 1 %, поэтому все эти числа сразу "
        "верными быть не могут.",
        "Turnout by the hour: the national counts and percentages allow these numbers of registered voters: "
        "{stages}. Lists do not shrink on the day, nor grow by more than 1 %, so these numbers cannot all "
        "be correct.",
    ),
    "T9-hour": three(
        "Сағат {hour}:00: өңірлердің пайыздары бойынша дауыс бергендер саны {range}, ал ел бойынша сан — "
        "{count}. Тізімнің дауыс беру күнгі өсуі мұны түсіндірмейді; бұл сандардың бәрі бірдей дұрыс бола "
        "алмайды.",
        "На {hour}:00: число проголосовавших по процентам регионов — {range}, а число по стране — {count}. "
        "Рост списков в день голосования этого не объясняет; все эти числа сразу верными быть не могут.",
        "At {hour}:00 the percentages of the regions stand for {range} voters, the national count is "
        "{count}. Growth of the lists on the day does not explain it; these numbers cannot all be correct.",
    ),
    "T10": three(
        "{region}: округтердің ({districts}) басылған жолдары бойынша дауыс саны кемінде {low}, ал сол өңірде "
        "сол күні саналған партиялық бюллетень — {ballots}. Округ бюллетенін салып, партиялық бюллетеньді "
        "салмаған сайлаушылар саны кемінде {margin} болмаса, екеуі бірдей дұрыс бола алмайды.",
        "{region}: по напечатанным строкам округов ({districts}) голосов не меньше {low}, а бюллетеней по "
        "партийным спискам в том же регионе в тот же день сосчитано {ballots}. Оба числа сразу верными быть "
        "не могут, разве что избирателей, опустивших бюллетень по округу, но не партийный, не меньше "
        "{margin}.",
        "{region}: by the printed lines of its districts ({districts}) there were at least {low} votes, but "
        "{ballots} party-list ballots were counted in the same region on the same day. Both cannot be "
        "correct unless at least {margin} voters cast a district ballot and no party-list ballot.",
    ),
    "T10-voters": three(
        "{low} — тізімдегі сайлаушылардың ({registered}) {percent} %-ы.",
        "{low} — это {percent} % избирателей в списках ({registered}).",
        "{low} is {percent} % of the {registered} registered voters.",
    ),
    "T11": three(
        "{region}: басылған дауыстар мен пайыздар бойынша округтердегі ({districts}) дауыс саны {votes}, "
        "партиялық тізім бойынша жарамды дауыс — {valid}: кемінде {margin} кем ({percent} %). Бұл қайшылық "
        "емес: округ бюллетеньдері жарамсыз болуы, салынбауы немесе сайлаушы тек партиялық бюллетень алуы "
        "мүмкін. Мұны округтердегі бюллетеньдердің жалпы саны анықтайды.",
        "{region}: по напечатанным голосам и процентам в округах ({districts}) голосов {votes}, а "
        "действительных голосов по партийным спискам — {valid}: меньше по крайней мере на {margin} "
        "({percent} %). Это не противоречие: бюллетени по округам могли быть недействительными, не "
        "опущенными, а избиратель мог получить только партийный. Вопрос решит общее число бюллетеней по "
        "округам.",
        "{region}: by the printed votes and percentages its districts ({districts}) hold {votes} votes, the "
        "party list {valid} valid ones: at least {margin} fewer ({percent} %). This is not a contradiction: "
        "district ballots may have been invalid or kept back, or voters entitled to the party ballot only. "
        "The number of district ballots in all would settle it.",
    ),
    "T12": three(
        "{table}: {step} % қадаммен жазылған пайызды мына санға көбейткенге дәл тең дауыс сандары: {cells} "
        "ішінен {hits}; көбейтілетін сан — {base} (әр жолдың ең үлкен саны есепке алынбаған). Сандар "
        "хаттамаларды қосудан шықса, мұндай сәйкестік орта есеппен ең көбі {expected} болады. Бұл сандардың "
        "қалай алынғаны туралы ғана; кім, қашан және кімнің пайдасына есептегенін де, шын нәтижені де "
        "көрсетпейді. Ықтимал түсіндірме: кестені кейін құрастырушы жарияланған пайыздарды көбейткен. Мұны "
        "өңірлік хаттамалар шешеді.",
        "{table}: чисел голосов, в точности равных проценту с шагом {step} %, умноженному на одно и то же "
        "число своей строки, — {hits} из {cells}; это число — {base} (наибольшее в каждой строке не "
        "считается). Если числа получены сложением протоколов, таких совпадений в среднем ожидается не "
        "больше {expected}. Это указывает только на способ получения чисел, но не на то, кто, когда и в чью "
        "пользу считал, и не на истинный итог. Возможное объяснение: составитель таблицы позже умножил "
        "опубликованные проценты. Вопрос решат региональные протоколы.",
        "{table}: {hits} of {cells} vote counts equal a percentage in steps of {step} % multiplied by one "
        "number of their row: {base} (the greatest count of each row is left out). If counts come from "
        "adding up protocols, at most about {expected} such coincidences are to be expected. This speaks "
        "only of how the counts came about, not of who computed them, when or in whose favour, nor of the "
        "true result. A possible explanation: whoever compiled the table multiplied published percentages. "
        "The regional protocols would settle it.",
    ),
    "T12-turnout": three(
        "{table}: {step} % қадаммен жазылған қатысу пайызын тізімдегі сайлаушылар санына көбейткенге дәл тең "
        "бюллетеньдердің жалпы сандары: {cells} ішінен {hits} (дөңгелектеу: {rounding}). Сандар хаттамаларды "
        "қосудан шықса, мұндай сәйкестік орта есеппен ең көбі {expected} болады. Бұл сандардың қалай "
        "алынғаны туралы ғана айтады. Мұны өңірлік хаттамалар шешеді.",
        "{table}: общих чисел бюллетеней, в точности равных явке с шагом {step} %, умноженной на число "
        "избирателей в списках, — {hits} из {cells} (округление: {rounding}). Если числа получены сложением "
        "протоколов, таких совпадений в среднем ожидается не больше {expected}. Это говорит только о способе "
        "получения чисел. Вопрос решат региональные протоколы.",
        "{table}: {hits} of {cells} totals of ballots equal a turnout in steps of {step} % multiplied by the "
        "registered voters (rounded: {rounding}). If counts come from adding up protocols, at most about "
        "{expected} such coincidences are to be expected. This speaks only of how the numbers came about. "
        "The regional protocols would settle it.",
    ),
    "T12-rows": three(
        "Барлық саны торға түсетін жолдар: {rows} ішінен {whole}; қалғаны: {others}.",
        "Строк, где на сетке лежат все числа: {whole} из {rows}; остальные: {others}.",
        "Rows all of whose counts lie on the grid: {whole} of {rows}; the others: {others}.",
    ),
    "T12-row": three("{row} {hits}/{cells}", "{row} {hits}/{cells}", "{row} {hits}/{cells}"),
    "T12-bound": three(
        "Барлығы {tries} тор тексерілді; соны ескергенде қосудан мұнша не одан көп сәйкестік шығуының "
        "ықтималдығы {power} мөлшерінен аспайды (дауыстар болжамнан он есе тығыз топталса, {narrow}). Бұл "
        "нәтиженің дұрыс болу ықтималдығы емес. Салыстыру үшін алынған {placebos} кездейсоқ торда "
        "сәйкестік саны {least}–{most}.",
        "Всего проверено сеток: {tries}; с поправкой на это вероятность получить сложением столько же или "
        "больше совпадений не превышает {power} (если числа голосов разбросаны в десять раз уже, чем "
        "принято, — {narrow}). Это не вероятность того, что итог верен. На {placebos} произвольных сетках "
        "для сравнения совпадений {least}–{most}.",
        "{tries} grids were tried; corrected for that, adding up gives so many or more with a probability "
        "of at most {power} ({narrow} if the counts scatter ten times less than assumed). This is not the "
        "probability that the result is right. On {placebos} arbitrary grids beside it the coincidences "
        "number {least}–{most}.",
    ),
    "hour": three("{hour}:00", "{hour}:00", "{hour}:00"),
    "percent": three("{value} %", "{value} %", "{value} %"),
    "base-total": three("бюллетеньдердің барлығы", "всего бюллетеней", "all ballots"),
    "base-valid": three(
        "кандидаттар мен партияларға және «барлығына қарсы» берілген дауыстар",
        "голоса за кандидатов, партии и «против всех»",
        "votes for candidates, parties and against all",
    ),
    "base-registered": three("тізімдегі сайлаушылар", "избиратели в списках", "registered voters"),
    "rounding-round": three("ең жақынына", "до ближайшего", "to the nearest"),
    "rounding-floor": three("төмен", "вниз", "down"),
    "rounding-ceil": three("жоғары", "вверх", "up"),
}

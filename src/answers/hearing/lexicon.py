"""The stems by which a saying is heard, in one spelling of sounds. Pure data and its look-up.

A word with a star stands for all that begin with it. Both what is listed and what is said is
folded to its sounds first, so that bhul, vul and vool are one word, as are বুঝি and বুজি.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from src.answers.reading.wording import one_slip
from src.bangla import one_spelling


class Sense(StrEnum):
    """What a word of a saying contributes to its meaning."""

    AGAIN = "again"
    ANSWER = "answer"
    ASK = "ask"
    BAD = "bad"
    BANGLA = "bangla"
    BOT = "bot"
    BYE = "bye"
    CAN = "can"
    COME = "come"
    CONFUSED = "confused"
    COUNT = "count"
    DO = "do"
    EASIER = "easier"
    EASY = "easy"
    ENGLISH = "english"
    EXPLAIN = "explain"
    FEEL = "feel"
    FILL = "fill"
    GOOD = "good"
    GREET = "greet"
    HARD = "hard"
    HARDER = "harder"
    HEAD = "head"
    HELP = "help"
    HINT = "hint"
    HOW = "how"
    HOWMUCH = "howmuch"
    KNOW = "know"
    LATER = "later"
    LIKE = "like"
    MATHS = "maths"
    MORE = "more"
    MY = "my"
    NAME = "name"
    NEXT = "next"
    NICE = "nice"
    NO = "no"
    NOT = "not"
    OBJECT = "object"
    OTHER = "other"
    PAIN = "pain"
    PEOPLE = "people"
    PLEASE = "please"
    RIGHT = "right"
    SCORE = "score"
    SHOW = "show"
    SKIP = "skip"
    START = "start"
    SURE = "sure"
    THANK = "thank"
    THIS = "this"
    TOO = "too"
    UNDERSTAND = "understand"
    WANT = "want"
    WAS = "was"
    WHICH = "which"
    WHO = "who"
    WHY = "why"
    WRONG = "wrong"
    WRONGS = "wrongs"
    TALK = "talk"
    AGE = "age"
    DID = "did"
    CHECK = "check"
    KEMON = "kemon"
    SOME = "some"
    YES = "yes"
    YOU = "you"


_WORDS: Mapping[Sense, str] = {
    Sense.AGAIN: "arekbar আরেকবার again abar আবার",
    Sense.AGE: "age old boyosh boyos bosh বয়স live thako bari থাকো বাড়ি born",
    Sense.ANSWER: "working puro full পুরো পুরোটা answer* ans anser answr ansewr aswer"
    " uttor* utor* uttar* solution* soln sol solve* solv somadhan* shomadhan* samadhan*"
    " উত্তর* উওর* উত্ত সমাধান* আনসার* এন্সার* অ্যানসার* সলিউশন* সলুশন* সলভ",
    Sense.ASK: "boltecho bolteso bolchen what which when wat whats wht ki kii kisher kon"
    " kongulo kongula konta kobe many কি কী কিসের কোন কোনটা কোনটি কোনগুলো কোনগুলি কবে"
    " হোয়াট কয়টা koyta কয়টি koyti gula gulo",
    Sense.BAD: "bad",
    Sense.BANGLA: "bangla* bengali* banglay banglai বাংলা* বাঙলা*",
    Sense.BOT: "bot বট robot* human* manush* ai chatgpt gpt রোবট* মানুষ* real person"
    " machine satti sotti সত্যি banaise banaiche বানাইছে বানিয়েছে",
    Sense.BYE: "khaite* khete* khaitesi khacchi khaben খাইতে* খাচ্ছি kheye খেয়ে khaia খাইয়া পড়ে ga"
    " cholam chollam চললাম গেলাম gelam jaiga food eat eating sleep ghumate"
    " ghumaite ঘুমাতে nite bye byebye goodbye gtg g2g night goodnight tata jai jacchi"
    " jaitesi khete bidai see cya ratri রাত্রি রাত বাই টাটা যাই যাচ্ছি খেতে বিদায় গুডনাইট",
    Sense.CAN: "can cant cannot cnt couldnt canot able pari paro paren parbo parb parba"
    " parbe parchi parci partesi partechi partasi partam parlam parle parte পারি পারো পার"
    " পারেন পারব পারবো পারছি পারতেছি পারতাছি পারলাম পারতে পারবা পারবে",
    Sense.CHECK: "check recheck চেক wrote write written likhsi likhchi likhechi likhe"
    " লিখেছি লিখছি same eki একই book boi boite বই বইতে বইয়ে",
    Sense.COME: "asi আসি ashtesi ashi asbo ashbo আসব আসবো ফিরে come back leave leaving aschi"
    " ashchi আসছি আসতেছি",
    Sense.CONFUSED: "surrender* stuck confus* atke atka atkay atkaye aatke giveup আটকে আটকায়"
    " আটকাইয়া আটকা lost idk dunno idfk forgot forget bhule ভুলে ভুলছি ভুইলা কনফিউজ* quit",
    Sense.COUNT: "many much koyta koyti কয়টা কয়টি koto কত",
    Sense.DID: "korechi korsi korchi korlam করেছি করছি করলাম করসি did made make",
    Sense.DO: "make likhbo লিখব লিখবো do kore korei koira kori korbo korte korba korbe"
    " korlam করে কইরা করি করব করবো করতে করবা করবে solve",
    Sense.EASIER: "easier easiest easyer simpler eazier esier",
    Sense.EASY: "easy ez eazy simple sohoj* shohoj* soja* sohojei সহজ* সোজা* ইজি peasy",
    Sense.ENGLISH: "eng english* inglish* engrezi* ingreji* ইংরেজি* ইংলিশ* ইংরাজি*",
    Sense.EXPLAIN: "বুঝায়া বুঝাইয়া বোঝায় bujhaye teach shikhao shikhan শেখাও শিখাও"
    " শিখিয়ে শেখান example* udahoron* উদাহরণ* niyom* নিয়ম* rule formula sutro* সূত্র*"
    " steps method hinter shekhao explain* bujhao* bujhaw bujhan bujhay bujhai bujhaia"
    " bujhaiya bujhiye bujhiya bujhie bojhao clarify elaborate বুঝাও বুঝান বুঝায় বুঝাই"
    " বুঝিয়ে বোঝাও বোঝান বুঝিয়া এক্সপ্লেইন dhap* ধাপ*",
    Sense.FEEL: "ভাল্লাগেনা ভাল্লাগে bhallage vallage vallagena dhorse faltu* ফালতু*"
    " nosto* নষ্ট* bal baal বাল bekar* বেকার* scared voy bhoy ভয় nervous lazy frustrat*"
    " worthless rag রাগ koshto kosto কষ্ট* upset depressed pagol* পাগল* chhagol chagol"
    " goru গরু funny ghumabo painful horrible fail failed tension টেনশন hate boring bored"
    " bore tired ugh uf uff uffs omg wtf lol lmao haha hahaha hehe hihi sad angry stupid"
    " dumb idiot useless suck sucks worst awful terrible annoying annoyed birokto* klanto*"
    " gadha* boka* bokachoda dhur dhurr dhet dhat pocha* bajhe baje kharap* crying cry"
    " kanna ghum* sleepy exhausted biroktikor mushkil oma baba ore isht বিরক্ত* ক্লান্ত*"
    " গাধা* বোকা* ধুর ধুৎ ধুত ধ্যাত ধ্যাৎ পচা* বাজে খারাপ* কান্না ঘুম* উফ উফফ হাহা হাহাহা"
    " হায় ইশ বোরিং* কাঁচা kacha বোর অসহ্য oshojjo feel feeling bhallagena",
    Sense.FILL: "eita eitar eitake eitai oita oitar oitai eida eda oida sheita seita shetar"
    " eikhane ekhane oikhane এইটার এইটাকে এইটাই ওইটা ওইটার ঐটা সেইটা এইখানে এখানে এগুলা এগুলো"
    " নাকি thats theres lets instead version ভার্সন language bhasha bhashay ভাষা ভাষায় koyekta"
    " koyekti"
    " কয়েকটা কয়েকটি once myself himself actually literally tho though yet mean asole"
    " আসলে sotti naki তো যাও jao যা so i im me am is are a an the to it its this that"
    " these those there here of in on for with and or but do does did have has been be"
    " will would shall should please plz pls plzz plss plis pliz just now then yaar some"
    " any bit little small i'm ive id ill he she they we us our ami amake amk amare amra"
    " amader amaderke eta eti etar ota sheta seta ei oi je tai ta ti tar taile tahole"
    " ekhon ekhn akhon re er e o te theke diye jonno jodi hoy hobe holo hoise hoye hoyeche"
    " hoyese gesi gechi gese geche kaj kore dhuke ashe pacche pachche korchi korsi kortesi"
    " thing stuff way out up anything something everything okay oh hay ah আমি আমাকে আমারে"
    " আমরা আমাদের এটা এটি এটার এইটা ওটা সেটা এই ঐ ওই যে তাই টা টি তার তাহলে এখন এর এ ও তে"
    " থেকে দিয়ে জন্য যদি হয় হবে হল হলো হইছে হয়েছে হচ্ছে গেছি গেছে কাজ ঢুকে ঢোকে আসে"
    " পাচ্ছে করছে করতেছে একটা একটি এক প্লিজ প্লীজ দয়া মি আই ইউ ইজ দিস আ দ্য টা-ই রে ekti"
    " ek matro shudhu শুধু about make bring put let like kono কোনো head brain মাথা matha"
    " mon মন mone মনে first time still even really kind sort nothing question say ever"
    " only again onek doing work works by from than as if when because cause i'd",
    Sense.GOOD: "good valo bhalo vlo ভালো ভাল bhalla",
    Sense.GREET: "hi hii hello helo hlw hlo hullo hey heya heyy yo sup salam slm"
    " assalamu* asslam* assalam* walaikum* olaikum alaikum nomoskar* namaste adab good hai"
    " হাই হ্যালো* হেলো হ্যাল* সালাম* আসসালাম* আস্সালাম* আলাইকুম নমস্কার* আদাব ওয়ালাইকুম*"
    " morning evening afternoon noon shuvo shubho sokal shondha শুভ সকাল সন্ধ্যা অপরাহ্ন"
    " kemon কেমন acho aso achen asen asos আছ আছো আছেন আছিস khobor খবর obostha অবস্থা oi ei"
    " je whatsup whatsapp ola",
    Sense.HARD: "hard difficult tough kothin* কঠিন* শক্ত tricky complicated impossible",
    Sense.HARDER: "challenge* চ্যালেঞ্জ* level লেভেল baby advanced childish harder tougher hardest",
    Sense.HEAD: "matha mathay mone mon head brain remember মাথা মাথায় মনে",
    Sense.HELP: "help* helf halp sahajjo* shahajjo* sahajo sahayota সাহায্য* হেল্প*"
    " সহযোগিতা guide assist",
    Sense.HINT: "nudge* ishara* isara* ইশারা*"
    " dhoraya dhoraia dhoriye ধরায়া ধরাইয়া ধরিয়ে hint* hnt ingit* clue* tip tips"
    " ইঙ্গিত* ইংগিত* হিন্ট* ক্লু",
    Sense.HOW: "kmne kmnay kivbe kibabe how kivabe kibhabe kibabe kemne kemnay kemte কিভাবে"
    " কীভাবে কেমনে কেমতে হাউ হাও",
    Sense.HOWMUCH: "koto কত",
    Sense.KEMON: "kemon কেমন",
    Sense.KNOW: "learn learnt learned taught teach porai poray porano porse porini shikhi"
    " shikini shikhini শিখি শিখিনি শিখাই পড়ায় পড়াই পড়ি পড়াইছে know knw knowing jani"
    " jano janen jana janti janta জানি জানো জানেন জানা জানতাম idea clue",
    Sense.LATER: "aj aaj আজ today bbl gotta vat bhat ভাত দারা* ekto aktu aktuu dara* দাঁড়া*"
    " দাড়া* daks* dakt*"
    " ডাকছ* ডাকত* calling"
    " mom mum dad abba আব্বা আব্বু মা dinner lunch breakfast nasta নাস্তা namaz* namaj* নামাজ*"
    " নামায* gosol* গোসল* coaching কোচিং tuition private প্রাইভেট charge চার্জ afk thamen থামেন"
    " jete যেতে dakche dakse dake ডাকছে ডাকে porte পড়তে"
    " amma ammu abbu আম্মু exam পরীক্ষা class wait* later brb hold pause opekkha* oppekkha"
    " darao daraw dara darau pore por kal kalke ajke minute min mins sec moment ektu"
    " tomorrow busy break stop অপেক্ষা* দাঁড়াও দাড়াও দাঁড়ান পরে পর কাল কালকে আজকে মিনিট"
    " একটু wet",
    Sense.LIKE: "lage lagtese lagteche lagche lagtase lagena laglo lagse লাগে লাগতেছে"
    " লাগছে লাগতাছে লাগেনা লাগল লাগলো like enjoy",
    Sense.MATHS: "question* qustion questn qn ques proshno* prosno* problem* onko* anko*"
    " sum sums math maths mathematics gonit* one ones প্রশ্ন* অঙ্ক* অংক* গণিত* ম্যাথ"
    " কোশ্চেন* প্রবলেম step",
    Sense.MORE: "arekbar আরেকবার koyta koyekta কয়টা কয়েকটা more again aro aaro aroo arektu arekta"
    " arekti ekta abar ar arr আরো আরও আরেকটু আরেকটা আরেকটি আবার আর মোর",
    Sense.MY: "my mine amar amr amarta আমার আমারটা",
    Sense.NAME: "name nam naam নাম",
    Sense.NEXT: "next nxt nex porer* porertar agla নেক্সট পরের* পরবর্তী move forward",
    Sense.NICE: "helpful job done osthir অস্থির joss জোস jos fatafati ফাটাফাটি chomotkar"
    " চমৎকার khushi smart clever brilliant legend masha mashallah মাশাআল্লাহ sera সেরা"
    " wonderfull favourite love nice great wow awesome cool best amazing good super"
    " excellent perfect wonderful yay hurray hooray valo bhalo vlo darun osadharon sundor"
    " shundor bah mojar moja fun happy ভালো ভাল দারুণ অসাধারণ সুন্দর বাহ মজা মজার খুশি"
    " ভালোবাসি bhalobashi lovely",
    Sense.NO: "no nope nah naa na nai ni nei noi noy naki না নাই নাহ নি নেই নয় নো thak থাক",
    Sense.NOT: "not dont dnt cant cannot canot cnt didnt doesnt isnt wont couldnt never"
    " without ডোন্ট ক্যান্ট",
    Sense.OBJECT: "dispute* disput* appeal* apotti* ovijog* obhijog* আপত্তি* অভিযোগ* ডিসপিউট* আপিল*",
    Sense.OTHER: "change another other different onno* onnota notun new অন্য* নতুন ভিন্ন",
    Sense.PAIN: "ধরেছে ধরছে dhorse ghurtese ghurche ঘুরছে ঘুরতেছে dhoreche betha byatha"
    " batha ব্যথা ব্যাথা hurts hurt headache pain",
    Sense.PEOPLE: "teacher teachers father mother sir mam madam miss vai bhai vaia bhaiya"
    " apu dost bro bruh dude man buddy friend স্যার ম্যাম ম্যাডাম মিস ভাই ভাইয়া আপু দোস্ত"
    " boss",
    Sense.PLEASE: "please plz pls plzz plss plis pliz প্লিজ প্লীজ",
    Sense.RIGHT: "right correct thik thiki tik sothik ঠিক ঠিকই সঠিক রাইট",
    Sense.SCORE: "number numbers namber নাম্বার নম্বর progress score scores skor rank*"
    " point* result* streak marks mark grades স্কোর* র্যাংক* র্যাঙ্ক* পয়েন্ট* রেজাল্ট* ফল"
    " ফলাফল* প্রগ্রেস অগ্রগতি ogrogoti peyechi paisi pelam পেয়েছি পাইছি পেলাম stats",
    Sense.SHOW: "কও কন kon koyen lekha লেখা convert দিয়েন diyen disi dilam dei dibo"
    " দিলাম দেই দিব দিবো দিছি tell say show give giv gimme dao daw dau dew den din dis de"
    " bolo bol bolen bolun bole bolla bolte dekhao dekhaw dekhan dekhay dekhaiya dekhi"
    " dekhbo dekha dikhao reveal দাও দেও দেন দিন দে দিবা দিবেন দেবে বলো বল বলেন বলুন বলে"
    " বইলা বলবা বলতে দেখাও দেখান দেখিয়ে দেখাইয়া দেখায় দেখি দেখব দেখবো দেখতে গিভ টেল শো"
    " লেখো লিখো likho lekho speak translate switch koro koren korun kor করো কর করেন করুন"
    " dite দিতে",
    Sense.SKIP: "skip* skp pass bad baad বাদ এড়িয়ে এড়ায় স্কিপ* পাস",
    Sense.SOME: "kichu kisu kichui kisui কিছু কিছুই",
    Sense.START: "start* begin* go lets ready shuru* suru* cholo chalo chlo colo chol"
    " শুরু* চলো চল রেডি স্টার্ট চালু chalu play let",
    Sense.SURE: "think sure certain said bolse bolche বলেছে বলছে says",
    Sense.TALK: "talk talking kotha bolche bolchi bolcho bolse bolso কথা বলছে বলছ বলছি"
    " speaking chatting",
    Sense.THANK: "jazakallah* জাযাকাল্লাহ* জাজাকাল্লাহ* grateful thank* thanx thx thnx"
    " tnx ty tysm tnks tnku dhonnobad* dhonobad* donnobad* shukria ধন্যবাদ* থ্যাংক*"
    " থ্যাঙ্ক* থ্যাংস শুকরিয়া",
    Sense.THIS: "this that its it eta eti etai to এটা এটি এটাই তো",
    Sense.TOO: "too so very much really onek khub eto beshi besi onk অনেক খুব এত এতো বেশি"
    " ভীষণ টু completely at all",
    Sense.UNDERSTAND: "bujh* buj* bujte bojh* understand* understood undrstand get got"
    " samjh* বুঝ* বোঝ* বুজ*",
    Sense.WANT: "want need wanna chai cai chay lagbe চাই চাইতেছি লাগবে নিব নেব dorkar"
    " দরকার wants could may",
    Sense.WAS: "was were chilo silo chilam silam ছিল ছিলো ছিলাম",
    Sense.WHICH: "which kon kongulo kongula konta কোন কোনটা কোনগুলো কোনগুলি gula gulo what",
    Sense.WHO: "who whos ke কে হু",
    Sense.WHY: "why where wy keno kno kn koi kothay mane maane meaning mean means কেন"
    " ক্যান কেনো কই কোথায় কোথা কোত্থেকে কোথেকে মানে হোয়াই",
    Sense.WRONG: "wrong vul bhul incorrect mistake error ভুল রং",
    Sense.WRONGS: "mistakes errors wrongs vulgulo vulgula vulguli ভুলগুলো ভুলগুলি ভুলগুলা",
    Sense.YES: "absolutely definitely obosshoi obossoi অবশ্যই cholen চলেন চলুন deal"
    " course yes yess yeah yea yep yup yah ya y ok okay okie okey oke okk k kk alright"
    " fine ha haa hae hea hya hyan hm hmm hum huh ji jee jii acca achha accha acha ase"
    " ache asche yesh হ্যাঁ হ্যা হাঁ হা হ জি জী জ্বি জ্বী আচ্ছা আছে ওকে হুম হমম ইয়েস রাজি",
    Sense.YOU: "you u ur r your youre tumi tomar tomake tmi tui tor apni apnar apnake bot"
    " dars তুমি তোমার তোমাকে তুই তোর আপনি আপনার বট দরস",
}
_NEGATIVE = ("nah", "nai", "nei", "na", "ni", "নাহ", "নাই", "না", "নি")
_NEGATED = frozenset({Sense.UNDERSTAND, Sense.CAN, Sense.KNOW, Sense.DO, Sense.LIKE, Sense.WANT})
_SHORTEST_STEM, _SHORTEST_SLIP = 3, 6
_LONGEST_RUN, _LONGEST_PIECE, _MOST_PIECES = 40, 14, 7
_LATIN = (
    ("ck", "k"), ("chh", "s"), ("ch", "s"), ("sh", "s"), ("c", "s"), ("z", "j"), ("q", "k"),
    ("ph", "f"), ("bh", "b"), ("v", "b"), ("kh", "k"), ("gh", "g"), ("jh", "j"),
    ("th", "t"), ("dh", "d"), ("ee", "i"), ("oo", "u"), ("y", "i"), ("aw", "ao"),
)  # fmt: skip
_BANGLA = str.maketrans("ীূষসছযঝৎঙখথ", "িুশশশজজতংকত", "ঁ\u09bc\u200d")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_AGAIN = re.compile(r"(.)\1+")
Senses = frozenset[Sense]
NOTHING: Senses = frozenset()


def fold_sound(word: str) -> str:
    """Return a word as it sounds: one letter for those that pupils and phones mix up."""
    if word.isascii():
        for said, sound in _LATIN:
            word = word.replace(said, sound)
    else:
        word = one_spelling(word).translate(_BANGLA).replace("ং\u09cd", "ং")
        word = word.removesuffix("ো") if len(word) > _SHORTEST_STEM - 1 else word
    return _AGAIN.sub(r"\1", word)


def _collect() -> tuple[dict[str, Senses], dict[str, Senses]]:
    whole: dict[str, Senses] = {}
    stems: dict[str, Senses] = {}
    for part, words in _WORDS.items():
        for word in words.split():
            table = stems if word.endswith("*") else whole
            key = fold_sound(word.removesuffix("*"))
            table[key] = table.get(key, NOTHING) | {part}
    return whole, stems


_WHOLE, _STEMS = _collect()
_SLIPPED: Mapping[int, Iterable[str]] = {
    length: [word for word in (*_WHOLE, *_STEMS) if len(word) == length] for length in range(4, 20)
}


@lru_cache(maxsize=8192)
def senses_of(word: str, *, exactly: bool = False) -> tuple[Senses, ...]:
    """Return what a word contributes, one set for each word in it; one empty set for an unknown.

    Args:
        word: In lower case, of letters alone, perhaps several without the blanks between them.
        exactly: Whether a run of words and a slip of the finger are left unknown.
    """
    sound = fold_sound(_DRAWN_OUT.sub(r"\1", word))[:_LONGEST_RUN]
    found = _look_up(sound)
    if found or exactly:
        return (found,)
    pieces = _split(sound) if len(sound) >= _SHORTEST_SLIP else None
    return pieces or (_by_slip(sound),)


def _look_up(sound: str) -> Senses:
    """Return what one word contributes, a verb with its "not" included."""
    found = _WHOLE.get(sound, NOTHING)
    for end in range(len(sound), _SHORTEST_STEM - 1, -1):
        found |= _STEMS.get(sound[:end], NOTHING)
    for no in _NEGATIVE:
        verb = sound.removesuffix(no)
        if verb != sound and len(verb) >= _SHORTEST_STEM - 1 and (_look_up(verb) & _NEGATED):
            return _look_up(verb) | found | {Sense.NO}
    return found


def _split(run: str) -> tuple[Senses, ...] | None:
    """Return the likeliest known words that make up a run of letters; None where none do.

    The fewer and the longer they are, the likelier.
    """
    best: list[tuple[int, tuple[Senses, ...]] | None] = [(0, ())] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST_PIECE), end):
            before, piece = best[start], run[start:end]
            part = _look_up(piece) if before and (len(piece) > 1 or piece == "i") else NOTHING
            if before is None or not part:
                continue
            cost = before[0] + (1 if len(piece) > _SHORTEST_STEM - 1 else _MOST_PIECES // 2)
            now = best[end]
            if cost <= 2 * _MOST_PIECES and (now is None or cost < now[0]):
                best[end] = (cost, (*before[1], part))
    whole = best[-1]
    return whole[1] if whole else None


def _by_slip(sound: str) -> Senses:
    """Return what a word contributes that is one slip of a finger away from a known one."""
    if len(sound) < _SHORTEST_SLIP:
        return NOTHING
    near = (w for size in (-1, 0, 1) for w in _SLIPPED.get(len(sound) + size, ()))
    known = next((word for word in near if one_slip(sound, word)), None)
    return _WHOLE.get(known, NOTHING) | _STEMS.get(known, NOTHING) if known else NOTHING

"""The words that every place holds, until somebody looks: shipped with the service, by language.

They find what is said plainly and miss what is not: a person reads every message all the same. The Welsh and Urdu ones were read by no
native speaker yet. A place adds its own, and says which of these do not count with it.
"""

from service.moderation.models import Severity

URGENT_EN = (
    "kill myself|killing myself|end my life|end it all|take my own life|want to die|suicide|suicidal|overdose|self harm|selfharm|"
    "cut myself|cutting myself|hurt myself|hurting myself|kill me|kill her|kill him|kill them|will kill|going to kill|"
    "he hits me|she hits me|hits me|hit me|beats me|beat me up|beating me|beats her|beats him|hits her|hits him|hits his|hits the child|"
    "hits the children|hitting the child|hurts the child|hurting my child|hurting the children|hurting a child|child abuse|"
    "being abused|abuses me|abusing me|abused me|sexual abuse|sexually abused|abused by|rape|raped|raping|molested|groomed|touched me|"
    "touches me|strangled|choked me|locked me in|locked in her room|locked in his room|not safe at home|unsafe at home|"
    "afraid to go home|scared to go home|frightened to go home|forced marriage|forced to marry|trafficked|modern slavery|"
    "has a knife|has a gun|with a knife|starving her|starving him|not fed|no food for days"
)
RISK_EN = (
    "abuse|abused|abusive|violent|violence|threatened|threatens|threatening me|stalking|stalks|bruises|bruised|neglect|neglected|"
    "safeguarding|drunk at work|stole from|stolen from her|stolen from him|grooming|scared of him|scared of her|afraid of him|"
    "afraid of her|police were called|social services|harassed|harassment|bullied|bullying|knife|gun|drug dealer|dealing drugs"
)
ODD_EN = (
    "click here|buy now|free money|make money|work from home|crypto|bitcoin|forex|casino|viagra|loan offer|seo services|"
    "guest post|backlinks|whatsapp me|telegram me|limited offer|investment opportunity"
)
URGENT_CY = (
    "lladd fy hun|lladd fy hunan|hunanladdiad|hunan niweidio|eisiau marw|mae e'n fy nharo|mae o'n fy nharo|fy nharo i|yn fy mwrw|"
    "cam-drin plentyn|cael fy ngham-drin|treisio|ofn mynd adref|ddim yn ddiogel gartref"
)
RISK_CY = "cam-drin|trais|bygwth|bygythiad|esgeuluso|cyllell|aflonyddu|bwlio"
URGENT_UR = "خودکشی|مرنا چاہتی ہوں|مرنا چاہتا ہوں|مجھے مارتا ہے|مجھے مارتی ہے|بچے کو مارتا ہے|زیادتی|گھر میں محفوظ نہیں|زبردستی شادی"
RISK_UR = "تشدد|دھمکی|ہراساں|چاقو|بدسلوکی"

SHIPPED: tuple[tuple[str, Severity, str], ...] = (
    ("en", Severity.URGENT, URGENT_EN),
    ("en", Severity.RISK, RISK_EN),
    ("en", Severity.ODD, ODD_EN),
    ("cy", Severity.URGENT, URGENT_CY),
    ("cy", Severity.RISK, RISK_CY),
    ("ur", Severity.URGENT, URGENT_UR),
    ("ur", Severity.RISK, RISK_UR),
)
"""By language and severity: phrases between bars. All of them count in every place: people write in whatever language they like."""

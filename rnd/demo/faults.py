"""What goes wrong in the demo: links, navigation, power, cameras, the cold, and users."""

from __future__ import annotations

from typing import Final, NamedTuple


class Fault(NamedTuple):
    """A fault as teams word it, what engineers call the work on it, and whether it is one at all."""

    component: str
    severity: str
    title: str
    body: str
    task: str
    also: str = ""  # a second component that needs work for the mend
    verdict: str = ""  # "answered" or "rejected" where it is no fault


FAULTS: Final = (
    Fault(
        "radio",
        "S1",
        "Зв'язок зникає на морозі",
        "Нижче −15 °C відео і телеметрія зникають на 3–5 секунд після зльоту. Після прогріву все добре.",
        "Warm up the oscillator before the first hop",
    ),
    Fault(
        "radio",
        "S2",
        "Телеметрія відстає на 4 секунди",
        "На відстані понад 6 км телеметрія приходить із запізненням, керування при цьому добре.",
        "Give telemetry its own slot in the frame",
        also="ground-station",
    ),
    Fault(
        "radio",
        "S2",
        "Приймач не знаходить мережу після перезапуску",
        "Якщо вимкнути живлення на менше ніж 2 секунди, приймач більше не шукає.",
        "Clear the search state on a short power cut",
    ),
    Fault(
        "radio",
        "S3",
        "Індикатор сигналу показує 0 %",
        "Зв'язок є, але стовпчики порожні.",
        "Scale the signal reading by the new gain table",
    ),
    Fault(
        "radio",
        "S1",
        "Втрата керування біля ретранслятора",
        "За 200 м від щогли сигнал перевантажений і керування зникає.",
        "Back the gain off near a strong relay",
    ),
    Fault(
        "radio",
        "S3",
        "Гучний писк при слабкому сигналі",
        "Пульт пищить безперервно, оператор не чує розмову.",
        "Make the low-signal tone back off",
    ),
    Fault(
        "radio",
        "S4",
        "Прохання: показувати вільний канал",
        "Було б зручно бачити, який канал найменш зайнятий.",
        "Show the quietest channel",
    ),
    Fault(
        "radio",
        "S2",
        "Прив'язка не вдається з першого разу",
        "Доводиться повторювати 3–4 рази. Кнопку тримаємо 5 секунд.",
        "Widen the window for binding",
    ),
    Fault(
        "autopilot",
        "S1",
        "Стрибок висоти на 8 метрів після зльоту",
        "У тумані барометр змінюється стрибком, апарат різко піднімається.",
        "Reject barometer steps faster than the airframe can climb",
    ),
    Fault(
        "autopilot",
        "S2",
        "Компас розвертається над мостом",
        "Над металевими конструкціями курс змінюється на 40 градусів.",
        "Trust the gyro while the magnetic field is disturbed",
    ),
    Fault(
        "autopilot",
        "S2",
        "Повернення додому йде надто низько",
        "Після втрати зв'язку висота повернення 20 м, дерева вищі.",
        "Keep the higher of set and present altitude on return",
    ),
    Fault(
        "autopilot",
        "S3",
        "Довга ініціалізація на холоді",
        "При −20 °C готовність лише через 4 хвилини.",
        "Calibrate the gyro while the heater runs",
        also="battery",
    ),
    Fault(
        "autopilot",
        "S1",
        "Самовільне вимкнення одного мотора",
        "Мотор 3 на секунду зупиняється при різкому газі, потім працює.",
        "Hold the last throttle over a missed frame",
    ),
    Fault(
        "autopilot",
        "S3",
        "Утримання позиції плаває при вітрі",
        "Коло 5 м при вітрі 12 м/с.",
        "Raise the integral limit of position hold",
    ),
    Fault(
        "autopilot", "S4", "Прохання: плавніша посадка", "Останній метр апарат падає.", "Slow the last metre of landing"
    ),
    Fault(
        "ground-station",
        "S2",
        "Карта зависає після години роботи",
        "Планшет гріється, карта не рухається, потрібно перезапустити програму.",
        "Bound the tile cache",
    ),
    Fault(
        "ground-station",
        "S3",
        "Яскравість не регулюється в рукавичках",
        "Повзунок замалий.",
        "Make the brightness control glove-sized",
    ),
    Fault(
        "ground-station",
        "S2",
        "Журнал польоту не зберігся",
        "Якщо витягнути кабель до завершення, журналу немає.",
        "Write the flight log as it comes in",
    ),
    Fault("ground-station", "S4", "Прохання: темна тема вночі", "Екран видно здалеку.", "Add a night theme"),
    Fault(
        "ground-station",
        "S3",
        "Українські літери в назвах точок зникають",
        "Замість літер квадрати.",
        "Ship a font with Cyrillic for map labels",
    ),
    Fault(
        "ground-station",
        "S3",
        "Не вдається знайти кнопку експорту",
        "Шукали 10 хвилин.",
        "Tell where the export is",
        verdict="answered",
    ),
    Fault(
        "battery",
        "S1",
        "Заряд падає з 40 % до 5 % за хвилину",
        "На морозі, старий акумулятор, 60 циклів.",
        "Model the cold cell's voltage sag",
    ),
    Fault(
        "battery",
        "S2",
        "Не заряджається від генератора",
        "Зарядка вимикається кожні 30 секунд.",
        "Ride through generator ripple",
    ),
    Fault(
        "battery",
        "S3",
        "Показує температуру 127 градусів",
        "Давач від'єднаний або ні, невідомо.",
        "Say “no sensor” instead of 127 °C",
    ),
    Fault(
        "battery",
        "S3",
        "Підігрів не вмикається",
        "Кнопку натискали, лампочка не горить.",
        "Explain the heater's long press",
        verdict="answered",
    ),
    Fault(
        "gimbal",
        "S2",
        "Камера завмирає після нахилу вниз",
        "Нахил понад 80 градусів, далі не повертається.",
        "Leave the end stop without a position error",
    ),
    Fault(
        "gimbal",
        "S3",
        "Тремтіння зображення на крейсерській швидкості",
        "Лише на M1, на M2 добре.",
        "Notch the wing's flutter out of the gimbal loop",
    ),
    Fault(
        "gimbal",
        "S2",
        "Тепловізор не перемикається",
        "Перемикач на пульті не діє, через меню працює.",
        "Map the switch to the sensor that is fitted",
    ),
    Fault("radio", "S3", "Пульт не вмикається", "Виявилось, розряджений.", "Check the charge", verdict="rejected"),
    Fault(
        "autopilot", "S3", "Апарат не озброюється", "Горить червоний.", "See the pre-arm checklist", verdict="answered"
    ),
)

CONDITIONS: Final = (
    "−18 °C, вітер 6 м/с, сніг", "−7 °C, туман", "+2 °C, мокрий сніг", "+14 °C, ясно", "+27 °C, пил", "Ніч, −11 °C", "",
)  # fmt: skip

BLOCKED: Final = (
    "Waits for a climate chamber at the test site",
    "Waits for a flight log from the team",
    "Waits for the new oscillator samples",
    "Waits for a decision on the frame format",
    "Waits for hardware revision C from the workshop",
)

NOT_FIXED: Final = (
    "Стало рідше, але двічі за вечір повторилося.",
    "На ревізії B без змін.",
    "Працює, доки не прогріється, потім знову.",
)
FIXED: Final = ("Працює, дякуємо!", "Перевірили шість разів на морозі, все добре.", "Добре.", "")
NOISE: Final = (
    "Bump the compiler", "Tidy the build script", "Rename a few registers after the datasheet",
    "Make the unit tests quicker", "Drop an unused driver", "Spell the licence out", "Refactor the scheduler",
    "Log the reset cause", "Document the frame format", "Run the static analyser in CI",
)  # fmt: skip

"""First names that are common in the United Kingdom, in several languages. What is also a common word, as Will or May, is left out.

Source: written for this project, after the kinds of names in the yearly lists of the Office for National Statistics and of
National Records of Scotland. No list holds every name: it helps somebody who writes in a hurry, and proves nothing.
"""

FIRST_NAMES = tuple(
    """
    Aaliyah Aaron Abdul Abdullah Abigail Adam Adrian Aidan Aiden Aisha Aishah Alan Alastair Albert Alex Alexander Alexandra Alfie
    Ali Alice Alicia Alina Alison Alistair Amanda Amelia Amina Amir Amit Amy Andrea Andrew Andrzej Aneurin Angela Angharad Anil
    Anita Ann Anna Anne Annie Anthony Antonio Anwen Archie Arjun Arlo Arthur Asha Ashley Ava Ayesha Barbara Barry Beatrice Ben
    Benjamin Bernard Beth Bethan Bethany Betty Beverley Brenda Brian Bronwen Bryn Caitlin Cameron Carl Carol Caroline Carys
    Catherine Catrin Cerys Charles Charlie Charlotte Cheryl Chloe Chris Christina Christine Christopher Claire Clare Colin Connor
    Craig Cynthia Dafydd Daisy Damian Daniel Danielle Danny Darren Dave David Dawid Dean Debbie Deborah Deepak Denise Dennis Derek
    Diane Donald Donna Doreen Doris Dorota Dorothy Douglas Dylan Eddie Edith Edward Eileen Elaine Eleanor Elen Eleri Elias Elin
    Elizabeth Ella Ellen Ellie Elsie Emily Emma Emyr Eric Erin Ethan Evelyn Evie Ewa Farah Farhan Fatima Felix Ffion Fiona
    Florence Francesca Freddie Freya Gareth Gary Gavin Gemma Geoffrey George Georgia Georgina Gerald Gillian Glenys Glyn Gordon
    Graham Gregory Gurpreet Gwen Gwyn Gwyneth Hamza Hannah Harjit Harold Harpreet Harriet Harry Hasan Hassan Hazel Heather Heidi
    Helen Henry Hussain Huw Ian Ibrahim Idris Ieuan Imran Iolo Irene Isaac Isabella Isabelle Isla Ismail Ivy Jackie Jacob
    Jacqueline Jake James Jamie Jane Janet Janice Jasmine Jason Javed Jayden Jean Jeffrey Jennifer Jenny Jeremy Jessica Jessie
    Jill Jim Joan Joanna Joanne Joe Joel Joginder John Jonathan Jordan Jose Joseph Josephine Joshua Joyce Judith Julia Julian
    Julie Justin Kamal Karen Karl Katarzyna Kate Katherine Kathleen Kathryn Katie Kayleigh Keith Kelly Ken Kenneth Kerry Kevin
    Khalid Kieran Kim Kirsty Krzysztof Kyle Laila Laura Lauren Lawrence Layla Leanne Lee Leila Leo Leon Leonard Lesley Leslie
    Lewis Liam Lily Linda Lisa Llinos Logan Lorraine Louis Louise Lowri Lucas Lucy Luke Lynn Lynne Mabel Maciej Maisie Malcolm
    Malgorzata Manjit Marcin Marcus Margaret Maria Marian Marie Marion Marjorie Martha Martin Mary Maryam Mateusz Matilda Matthew
    Maureen Max Megan Mehmet Melanie Melissa Michael Michelle Mike Mohamed Mohammad Mohammed Moira Molly Monica Morag Muhammad
    Musa Mustafa Nadia Naomi Natalie Natasha Nathan Nazia Neil Nia Niamh Nicholas Nicola Nicole Nigel Nikhil Noah Nora Norma
    Norman Oliver Olivia Omar Oscar Osman Owain Owen Pamela Patricia Patrick Paul Paula Pauline Pawel Penelope Peter Philip
    Phillip Phoebe Phyllis Piotr Poppy Priya Rachael Rachel Rahul Raj Rajesh Ralph Ravi Raymond Rebecca Reece Reginald Rhian
    Rhiannon Rhys Ricardo Richard Rita Robert Roberta Robin Roger Ronald Rosemary Rosie Roy Ruby Rukhsana Russell Ruth Ryan Saima
    Sally Salma Sam Samantha Samina Samira Samuel Sandra Sanjay Sara Sarah Scott Sean Sebastian Shabana Shannon Sharon Shaun
    Sheila Shirley Sian Simon Sinead Siobhan Sofia Sophia Sophie Stacey Stanley Stella Stephanie Stephen Steve Steven Stuart Sunil
    Sunita Susan Susanna Suzanne Sylvia Tahir Tariq Tegan Terence Teresa Terry Thelma Theo Theodore Theresa Thomas Tim Timothy
    Tina Toby Tom Tomasz Tony Tracey Tracy Trevor Tyler Usman Valerie Vera Veronica Victor Vijay Vikram Vincent Wanda Wayne Wendy
    William Winifred Yasmin Yousef Yusuf Yvonne Zac Zachary Zahra Zainab Zara Zoe Zofia
    """.split()
)

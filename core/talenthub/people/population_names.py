"""Words that invented people are named with, by blanks; any likeness is chance."""

from __future__ import annotations

GIVEN = """
Adaeze Adil Agnes Aiko Aisha Alba Aleksander Alma Amina Anders Anouk Antoni Ariane Asha Astrid Ayumi Bahar
Bastian Bela Bilal Birgit Camila Carlos Celeste Chidi Clara Damian Daria Deniz Diego Dilnoza Efua Elif Elias
Emeka Enzo Esther Fadi Farah Felix Fiona Florian Freya Gareth Giulia Greta Hana Hassan Hilde Hugo Ibrahim Ilse
Imani Ingrid Ines Ismail Ivana Jamal Jana Jin Joana Johan Kamal Karin Keiko Kiran Kofi Laila Lars Leila Leon
Ligia Linh Lucia Luka Mads Magda Mahmoud Malik Mariam Marek Mateo Mei Milan Mira Nadia Naomi Nikhil Nils Noemi
Nuno Obinna Olga Omar Oona Oskar Paloma Paul Petra Piotr Priya Rafael Rania Ravi Renata Rhys Rosa Rui Sabine
Samir Sanna Selma Sergei Shirin Sofie Stefan Sunita Tadeo Tamar Tariq Teresa Thandi Tiago Tove Uma Valentin
Vera Viktor Wanjiru Wei Xenia Yara Yasmin Yusuf Zahra Zofia
"""

FAMILY = """
Abara Achterberg Adler Aguilar Alavi Almeida Andersen Antonescu Arslan Asante Aubert Bakker Balogun Banerjee
Barros Becker Bello Bergman Bianchi Blom Boateng Botha Braun Bui Cabral Carvalho Castillo Chaudhry Chen Cisse
Cohen Contreras Dahl Danso Delgado Demir Desai Diallo Dimitrov Dlamini Doyle Dubois Eklund Engel Erdem Eriksen
Esposito Faber Falk Farouk Fernandes Fischer Fofana Fonseca Forsberg Gallo Garcia Gashi Ghosh Greco Gupta
Haas Hadid Halvorsen Hansen Hashemi Hoang Holm Horvat Hussein Ibarra Iqbal Ito Ivanova Jansen Jovanovic Kaya
Kang Karimi Kaur Keita Khoury Kimura Klein Koh Kovacs Kowalski Kruger Lam Larsen Lehtonen Levi Lopes Lund Maas
Mahlangu Malik Marino Matos Mbeki Meyer Mikkelsen Molina Moreau Mutua Nagy Nair Nakamura Ndiaye Nguyen Nilsen
Novakova Nunes Nyberg Obi Okeke Oliveira Olsen Onyango Osei Ozturk Park Pereira Petrov Pham Popescu Quint
Rahman Ramos Rao Ricci Rojas Rossi Ruiz Saar Sahin Saleh Santos Sato Schulz Sharma Silva Singh Soares
Sorensen Sow Suzuki Szabo Takeda Tavares Torres Tran Vargas Vasquez Veiga Vogel Wagner Wang Werner Yilmaz
Yoon Zaman Zeman Zhou Zulu
"""
